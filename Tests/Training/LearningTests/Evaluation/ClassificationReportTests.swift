import Testing

@testable import Learning

@Suite struct ClassificationReportTests {
  @Test func twoClassesAreJudgedByTheSecond() {
    // Of 10 "no" 8 are found, of 5 "yes" 3.
    let report = ClassificationReport(confusion: [[8, 2], [2, 3]], labels: ["no", "yes"])
    #expect(abs(report.accuracy - 11.0 / 15) < 1e-12)
    #expect(abs(report.precision - 0.6) < 1e-12)
    #expect(abs(report.recall - 0.6) < 1e-12)
    #expect(abs(report.f1Score - 0.6) < 1e-12)
  }

  @Test func moreClassesAreWeightedByTheirRows() {
    let report = ClassificationReport(confusion: [[4, 1, 0], [0, 2, 1], [1, 0, 1]], labels: ["a", "b", "c"])
    // Precision 4/5, 2/3, 1/2; recall 4/5, 2/3, 1/2; support 5, 3, 2.
    #expect(abs(report.precision - (0.8 * 5 + 2 + 1) / 10) < 1e-12)
    #expect(abs(report.recall - 0.7) < 1e-12)
    #expect(abs(report.f1Score - 0.7) < 1e-12)
    #expect(report.classes.map(\.support) == [5, 3, 2])
  }

  @Test func divisionByZeroIsZero() {
    let report = ClassificationReport(confusion: [[3, 0, 0], [2, 0, 0], [0, 0, 0]], labels: ["a", "b", "c"])
    #expect(report.classes[1].precision == 0)
    #expect(report.classes[1].f1Score == 0)
    #expect(report.classes[2].recall == 0)
    #expect(abs(report.precision - 0.6 * 0.6) < 1e-12)
    #expect(ClassificationReport(confusion: [[0, 0], [0, 0]], labels: ["a", "b"]).accuracy == 0)
  }

  @Test func theLossIsTheMeanNegativeLogarithm() {
    let probabilities = FloatBuffer([0.5, 0.5, 0.25, 0.75, 1, 0])
    let labels: [Int32] = [0, 1, 1]
    let score = Kernels.score(probabilities.base, labels: labels, rows: 3, classes: 2)
    // −ln ½ − ln ¾ − ln 1e-15
    #expect(abs(score.loss - (0.693147 + 0.287682 + 34.538776)) < 1e-5)
    #expect(score.correct == 2)
  }

  @Test func metricsHaveTheNamesUsersKnow() {
    let tally = Evaluator.Tally(loss: 0.5, confusion: [[1, 0], [0, 1]], count: 2)
    let both = EvaluationReport(train: tally, test: tally, classes: ["a", "b"], trainingTime: 1)
    #expect(
      both.metrics.keys.sorted() == [
        "accuracy", "f1_score", "log_loss", "precision", "recall", "test_accuracy", "test_loss", "train_accuracy",
        "train_loss",
        "training_time",
      ])
    let alone = EvaluationReport(train: tally, test: nil, classes: ["a", "b"], trainingTime: 1)
    #expect(alone.metrics["test_accuracy"] == nil)
    #expect(alone.metrics["accuracy"] == 1)
    let ranked = Evaluator.Tally(loss: 0.5, confusion: [[1, 0], [0, 1]], count: 2, rocAUC: 0.75)
    let two = EvaluationReport(train: tally, test: ranked, classes: ["a", "b"], trainingTime: 1)
    #expect(two.metrics["roc_auc"] == 0.75)
  }
}
