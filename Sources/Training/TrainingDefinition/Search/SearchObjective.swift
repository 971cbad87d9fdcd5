/// The figure that decides which combination of hyperparameters is best, measured on rows that the trial did not train
/// on. Precision, recall and F1 are those of `ClassificationReport`.
package enum SearchObjective: String, CaseIterable, Codable, Sendable {
  case accuracy = "Accuracy"
  case f1 = "F1"
  case precision = "Precision"
  case recall = "Recall"
  /// Mean cross-entropy in nats: the smaller the better.
  case loss = "Loss"
  /// Area under the ROC curve; for two classes.
  case rocAUC = "ROCAUC"

  /// The objective of this name, or of this metric's name, in any case.
  /// - Throws: `invalidRequest` listing the objectives.
  package static func named(_ name: String) throws(TrainingProblem) -> SearchObjective {
    let wanted = name.lowercased()
    guard let found = allCases.first(where: { $0.rawValue.lowercased() == wanted || $0.metric == wanted }) else {
      throw .invalidRequest(
        field: "search.objective", value: name,
        expected: "one of " + allCases.map(\.rawValue).joined(separator: ", "))
    }
    return found
  }

  /// Its name among a trained model's metrics.
  package var metric: String {
    switch self {
    case .accuracy: MetricName.accuracy
    case .f1: MetricName.f1Score
    case .precision: MetricName.precision
    case .recall: MetricName.recall
    case .loss: MetricName.testLoss
    case .rocAUC: MetricName.rocAUC
    }
  }

  /// Whether score `a` beats score `b`; neither of two equal ones does.
  package func prefers(_ a: Double, to b: Double) -> Bool { self == .loss ? a < b : a > b }
}
