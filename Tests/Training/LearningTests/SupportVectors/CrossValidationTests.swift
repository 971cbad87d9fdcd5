import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// Accuracies by cross-validation against scikit-learn's on the same rows and folds: row i is held out in fold i mod n.
@Suite struct CrossValidationTests {
  private func accuracy(_ algorithm: String, _ examples: Examples, classes: Int, folds: Int) throws -> Double {
    var right = 0.0
    for fold in 0..<folds {
      let rows = (0..<examples.count).map { Int32($0) }
      let train = examples.selecting(rows.filter { Int($0) % folds != fold })
      let test = examples.selecting(rows.filter { Int($0) % folds == fold })
      let session = try Trainer.load(
        TrainingRequest(
          algorithm: algorithm, hyperparameters: algorithm == "SVM" ? [:] : ["max_iter": "100"],
          dataset: Fixtures.request()), dataset: Dataset(train, test: test, classes: classes))
      while !session.isFinished { try session.step() }
      right += try #require(session.progress.testAccuracy) * Double(test.count)
    }
    return right / Double(examples.count)
  }

  private func compare(
    _ examples: Examples, classes: Int, folds: Int, with reference: SupportVectorReference.Accuracies, within: Double
  ) throws {
    let svm = try accuracy("SVM", examples, classes: classes, folds: folds)
    let logistic = try accuracy("LogisticRegression", examples, classes: classes, folds: folds)
    #expect(abs(svm - reference.svm_accuracy) <= within)
    #expect(abs(logistic - reference.logistic_accuracy) <= within)
  }

  @Test func iris() throws {
    // One row of 150 may fall on the other side of a boundary.
    try compare(
      try Self.iris(), classes: 3, folds: 5, with: try SupportVectorReference.load().iris, within: 1.01 / 150)
  }

  @Test(.enabled(if: Fixtures.largeData != nil)) func spotify() throws {
    let root = try #require(Fixtures.largeData)
    let table = try CSVTable(path: root.appending(path: "spotify/spotify_data_clean.csv").path)
    let names = [
      "track_popularity", "artist_popularity", "artist_followers", "album_total_tracks", "track_duration_min",
    ]
    let columns = try names.map { try #require(table.columns.firstIndex(of: $0)) }
    let target = try #require(table.columns.firstIndex(of: "explicit"))
    let rows = 1500
    let values = try (0..<rows).map { row in
      try columns.map { try #require(Double(table.text(row: row, column: $0))) }
    }
    let labels = (0..<rows).map { table.text(row: $0, column: target).lowercased() == "true" ? 1 : 0 as Int32 }
    try compare(
      Self.standardised(values, labels), classes: 2, folds: 3, with: try SupportVectorReference.load().spotify,
      within: 0.005)
  }

  @Test(.enabled(if: Fixtures.largeData != nil)) func digits() throws {
    let root = try #require(Fixtures.largeData)
    let whole = try DatasetLoader.load(DatasetRequest(uri: "mnist", format: "IDX"), dataRoot: root)
    try compare(
      whole.train.selecting((0..<300).map { Int32($0) }), classes: 10, folds: 2,
      with: try SupportVectorReference.load().digits, within: 0.005)
  }

  /// The package's 150 rows, standardised.
  static func iris() throws -> Examples {
    let lines = try String(contentsOfFile: Fixtures.iris, encoding: .utf8).split(separator: "\n").dropFirst()
    let cells = lines.map { $0.split(separator: ",") }
    let names = Set(cells.map { $0[5] }).sorted()
    return standardised(
      try cells.map { row in try (1...4).map { try #require(Double(row[$0])) } },
      try cells.map { Int32(try #require(names.firstIndex(of: $0[5]))) })
  }

  private static func standardised(_ rows: [[Double]], _ labels: [Int32]) -> Examples {
    let width = rows[0].count
    let count = Double(rows.count)
    let means = (0..<width).map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let deviations = (0..<width).map { column in
      (rows.reduce(0) { $0 + ($1[column] - means[column]) * ($1[column] - means[column]) } / count).squareRoot()
    }
    let values = rows.flatMap { row in (0..<width).map { Float((row[$0] - means[$0]) / deviations[$0]) } }
    return Examples(values, labels: labels, width: width)
  }
}
