import Foundation
import Testing

@testable import Learning

/// Our figures beside scikit-learn's, on predictions that hack/reference/metrics.py wrote.
@Suite struct ReferenceMetricsTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      struct Score: Decodable {
        var precision: Double
        var recall: Double
        var f1_score: Double
        var support: Int
      }
      var classes: Int
      var truth: [Int32]
      var probabilities: [Float]
      var accuracy: Double
      var precision: Double
      var recall: Double
      var f1_score: Double
      var log_loss: Double
      var roc_auc: Double?
      var confusion: [[Int]]
      var per_class: [Score]
    }
    var cases: [Case]
  }

  /// Answers with what it was given, in order.
  final class Recorded: Classifier {
    let inputWidth = 1
    let classCount: Int
    let maximumRows = 7
    private let answers: FloatBuffer

    init(_ probabilities: [Float], classes: Int) {
      answers = FloatBuffer(probabilities)
      classCount = classes
    }

    func probabilities(_ examples: Examples, from first: Int, count: Int) -> UnsafePointer<Float> {
      UnsafePointer(answers.base + first * classCount)
    }
  }

  static func evaluate(_ probabilities: [Float], truth: [Int32], classes: Int) -> Evaluator.Tally {
    let rows = Examples(features: .floats(FloatBuffer(count: truth.count)), labels: truth, width: 1)
    return Evaluator(Recorded(probabilities, classes: classes)).evaluate(rows, ranking: true)
  }

  @Test func figuresAreThoseOfScikitLearn() throws {
    let file = Fixtures.packageRoot.appending(path: "hack/reference/metrics.json")
    let reference = try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: file))
    #expect(reference.cases.count == 5)
    for (number, expected) in reference.cases.enumerated() {
      let tally = Self.evaluate(expected.probabilities, truth: expected.truth, classes: expected.classes)
      let report = EvaluationReport(
        train: tally, test: nil, classes: (0..<expected.classes).map { "c\($0)" }, trainingTime: 0)
      let metrics = report.metrics
      func same(_ a: Double?, _ b: Double?, _ name: String) {
        #expect(a == nil && b == nil || abs((a ?? .nan) - (b ?? .nan)) < 1e-6, "\(name) of case \(number)")
      }
      same(metrics["accuracy"], expected.accuracy, "accuracy")
      same(metrics["precision"], expected.precision, "precision")
      same(metrics["recall"], expected.recall, "recall")
      same(metrics["f1_score"], expected.f1_score, "f1_score")
      same(metrics["log_loss"], expected.log_loss, "log_loss")
      same(metrics["roc_auc"], expected.roc_auc, "roc_auc")
      #expect(report.classification.confusion == expected.confusion)
      for (score, other) in zip(report.classification.classes, expected.per_class) {
        same(score.precision, other.precision, "precision of \(score.label)")
        same(score.recall, other.recall, "recall of \(score.label)")
        same(score.f1Score, other.f1_score, "f1_score of \(score.label)")
        #expect(score.support == other.support)
      }
    }
  }
}
