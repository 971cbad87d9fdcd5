/// How good a model is on one set of rows.
package struct SplitReport: Codable, Sendable, Equatable {
  /// Number of rows.
  package var rows: Int
  /// Mean cross-entropy in nats, without any penalty.
  package var logLoss: Double
  /// With two classes: the area under the ROC curve of the second one's probability; nil otherwise, and where the rows
  /// are all of one class.
  package var rocAUC: Double?
  package var classification: ClassificationReport

  package var accuracy: Double { classification.accuracy }

  private enum CodingKeys: String, CodingKey {
    case rows, classification
    case logLoss = "log_loss"
    case rocAUC = "roc_auc"
  }

  package init(_ tally: Evaluator.Tally, classes: [String]) {
    rows = tally.count
    logLoss = tally.loss
    rocAUC = tally.rocAUC
    classification = ClassificationReport(confusion: tally.confusion, labels: classes)
  }
}
