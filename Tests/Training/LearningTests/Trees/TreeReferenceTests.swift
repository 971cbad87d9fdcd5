import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// Cross-validated accuracy against scikit-learn's on the same folds; hack/reference/trees.py makes the figures.
///
/// The random numbers differ, so the accuracies do: by up to four of scikit-learn's own deviations from seed to seed
/// (each side has one), and by one point for what is drawn once here and five times there. Spotify's columns have more
/// than 256 values and are binned.
@Suite struct TreeReferenceTests {
  struct Reference: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
      var data: String
      var rows: Int
      var algorithm: String
      var hyperparameters: [String: String]
      var accuracy: Double
      var deviation: Double

      var testDescription: String {
        "\(algorithm) on \(data) \(hyperparameters.sorted { $0.key < $1.key }.map { "\($0)=\($1)" })"
      }
    }
    var folds: Int
    var cases: [Case]
  }

  private static let directory = Fixtures.packageRoot.appending(path: "Tests/Reference/Trees")

  static let reference = Result {
    try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: directory.appending(path: "trees.json")))
  }

  static let cases = (try? reference.get().cases) ?? []

  @Test func referencesAreThere() { #expect(Self.cases.count == 18) }

  @Test(arguments: cases) func crossValidatedAccuracyIsScikitLearns(expected: Reference.Case) throws {
    guard let (dataset, place) = try load(expected.data) else { return }
    #expect(dataset.train.count == expected.rows)
    let folds = try Self.reference.get().folds
    var hits = 0.0
    for fold in 0..<folds {
      func rows(_ wanted: (Int) -> Bool) -> [Int32] {
        dataset.train.labels.indices.filter { wanted(place[$0] % folds) }.map { Int32($0) }
      }
      let part = Dataset(
        train: dataset.train.selecting(rows { $0 != fold }), test: dataset.train.selecting(rows { $0 == fold }),
        preprocessing: dataset.preprocessing)
      let request = TrainingRequest(
        algorithm: expected.algorithm, hyperparameters: expected.hyperparameters,
        dataset: DatasetRequest(uri: "unused"))
      let model = try TreeFixtures.run(try Trainer.load(request, dataset: part))
      hits += (model.metrics["test_accuracy"] ?? 0) * Double(part.test.count)
    }
    let accuracy = hits / Double(expected.rows)
    let tolerance = 4 * expected.deviation * 2.0.squareRoot() + 0.01
    #expect(
      abs(accuracy - expected.accuracy) < tolerance, "\(accuracy), scikit-learn has \(expected.accuracy)")
  }

  /// A data set all of whose rows train, and the place of each in its file; nil where it is not on this machine.
  private func load(_ name: String) throws -> (Dataset, [Int])? {
    switch name {
    case "digits":
      let path = Self.directory.appending(path: "digits-images-idx3-ubyte.gz").path
      let request = DatasetRequest(uri: path, testFraction: 0)
      let dataset = try DatasetLoader.load(request, dataRoot: Fixtures.packageRoot)
      return (dataset, Array(dataset.train.labels.indices))
    case "iris":
      return try table(Fixtures.iris, target: "Species", drop: ["Id"])
    default:
      guard let root = Fixtures.largeData else { return nil }
      return try table(
        root.appending(path: "spotify/spotify_data_clean.csv").path, target: "album_type",
        drop: [
          "track_id", "track_name", "explicit", "artist_name", "artist_genres", "album_id", "album_name",
          "album_release_date",
        ])
    }
  }

  private func table(_ path: String, target: String, drop: [String]) throws -> (Dataset, [Int]) {
    let request = DatasetRequest(uri: path, targetColumn: target, dropColumns: drop, testFraction: 0)
    let dataset = try DatasetLoader.load(request, dataRoot: Fixtures.packageRoot)
    let order = TrainTestSplit.plain(count: dataset.train.count, testFraction: 0, seed: request.splitSeed).train
    return (dataset, order.map { Int($0) })
  }
}
