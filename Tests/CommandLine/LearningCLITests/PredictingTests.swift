import Foundation
import Testing

@testable import Learning
@testable import LearningCLI

@Suite struct PredictingTests {
  private func model() throws -> TrainedModel {
    try Workbench.withDirectory { directory in
      _ = try Workbench.run(Workbench.request("LogisticRegression"), in: directory)
      return try Workbench.model(in: directory)
    }
  }

  @Test func theTruthIsFoundByTheLearnedColumnsName() throws {
    let model = try model()
    let preprocessing = model.description.preprocessing
    let rows = try RowsToPredict.read(Workbench.iris, format: nil, for: preprocessing, target: nil)
    let predictions = try rows.predicted(by: try Predictor(model))
    let truth = try #require(rows.truth)
    let agreement = Agreement(predictions, truth: truth, classes: preprocessing.classes)
    let hits = zip(predictions, truth).count { $0.label == $1 }
    #expect(agreement.report.accuracy == Double(hits) / 150)
    #expect(agreement.lines.count == 1)
    #expect(agreement.lines[0].hasPrefix("150 rows with labels: accuracy 0.9"))
    let missing = #expect(throws: LearningError.self) {
      try RowsToPredict.read(Workbench.iris, format: nil, for: preprocessing, target: "Kind")
    }
    #expect(missing?.reason == "TargetColumnMissing")
  }

  @Test func rowsWithoutALabelOrWithAStrangeOneAreToldApart() {
    let predictions = ["a", "b", "a", "a"].map { Prediction(label: $0, probabilities: [0.5, 0.5]) }
    let agreement = Agreement(predictions, truth: ["a", "a", nil, "z"], classes: ["a", "b"])
    #expect(agreement.report.confusion == [[1, 1], [0, 0]])
    #expect(agreement.strangers == 1)
    #expect(agreement.unlabelled == 1)
    #expect(agreement.lines.count == 3)
  }

  @Test func spellingsOfOneNumberAreOneLabel() {
    let numbers = LabelMatcher(["0", "1.0", "2"])
    #expect(["0", "1", "1.0", "2.00", "3", "x"].map(numbers.place) == [0, 1, 1, 2, nil, nil])
    let words = LabelMatcher(["1.0", "x"])
    #expect(["1", "1.0", "x"].map(words.place) == [nil, 0, 1])
  }

  @Test func predictionsAreCSVThatIsReadBack() throws {
    let predictions = [
      Prediction(label: "a,b", probabilities: [0.75, 0.25]), Prediction(label: "say \"hi\"", probabilities: [1e-7, 1]),
    ]
    let writer = PredictionWriter(classes: ["a,b", "say \"hi\""], format: .csv)
    let table = try CSVTable(text: writer.text(predictions[...], isFirst: true))
    #expect(table.columns == ["label", "probability_a,b", "probability_say \"hi\""])
    for (row, prediction) in predictions.enumerated() {
      #expect(table.text(row: row, column: 0) == prediction.label)
      #expect((1...2).map { Float(table.text(row: row, column: $0)) } == prediction.probabilities)
    }
  }

  @Test func predictionsAreJSONALine() throws {
    let predictions = [
      Prediction(label: "a\n\"b\"", probabilities: [1, 1e-9]), Prediction(label: "c", probabilities: [0, 1]),
    ]
    let writer = PredictionWriter(classes: ["a\n\"b\"", "c"], format: .jsonLines)
    let lines = writer.text(predictions[...], isFirst: true).split(separator: "\n")
    #expect(lines.count == 2)
    for (line, prediction) in zip(lines, predictions) {
      let json = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(json["label"] as? String == prediction.label)
      #expect((json["probabilities"] as? [String: Double])?.count == 2)
    }
  }

  @Test func aPieceOfOutputIsHeadedOnce() {
    let predictions = Array(repeating: Prediction(label: "a", probabilities: [1, 0]), count: 10_000)
    var pieces: [String] = []
    PredictionWriter(classes: ["a", "b"], format: .csv).write(predictions) { pieces.append($0) }
    #expect(pieces.count == 3)
    #expect(pieces.joined().split(separator: "\n").count == 10_001)
    pieces = []
    PredictionWriter(classes: ["a", "b"], format: .csv).write([]) { pieces.append($0) }
    #expect(pieces == ["label,probability_a,probability_b\n"])
  }

  @Test func filesThatDoNotFitTheModelAreRefused() throws {
    let table = try model().description.preprocessing
    let image = Preprocessing(input: .image(shape: [2, 2], scale: 1), targetColumn: nil, classes: ["0", "1"])
    try Workbench.withDirectory { directory in
      let images = directory + "/images-idx3-ubyte"
      try Data([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 6))
        .write(to: URL(filePath: images))
      for (path, preprocessing) in [(images, table), (Workbench.iris, image), (images, image)] {
        let error = #expect(throws: LearningError.self) {
          try RowsToPredict.read(path, format: nil, for: preprocessing, target: nil)
        }
        #expect(error?.reason == "InputMismatch")
      }
      let fitting = Preprocessing(input: .image(shape: [2, 3], scale: 1), targetColumn: nil, classes: ["0", "7"])
      #expect(try RowsToPredict.read(images, format: nil, for: fitting, target: nil).truth == nil)
      try Data([0, 0, 8, 1, 0, 0, 0, 1, 7]).write(to: URL(filePath: directory + "/labels-idx1-ubyte"))
      #expect(try RowsToPredict.read(images, format: nil, for: fitting, target: nil).truth == ["7"])
    }
  }
}
