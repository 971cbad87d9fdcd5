/// What became of a trial: the metrics of its model, or why there are none.
package struct TrialOutcome: Codable, Sendable, Equatable {
  /// Why a trial has no metrics.
  package struct Failure: Codable, Sendable, Equatable {
    package var reason: String
    package var message: String
    /// Whether the trial may succeed when it is tried again.
    package var retryable: Bool

    package init(reason: String, message: String, retryable: Bool) {
      self.reason = reason
      self.message = message
      self.retryable = retryable
    }
  }

  /// The trial's number.
  package var trial: Int
  /// The finite ones of `EvaluationReport.metrics`, with the held-out rows as the test set; empty of a failed trial.
  package var metrics: [String: Double]
  package var failure: Failure?
  /// From loading the fold to the last evaluation.
  package var seconds: Double

  /// A trial that ended well.
  package init(trial: Int, metrics: [String: Double], seconds: Double) {
    self.trial = trial
    self.metrics = metrics.filter(\.value.isFinite)
    self.seconds = seconds
  }

  /// A trial that failed.
  package init(trial: Int, failure: Failure, seconds: Double) {
    self.trial = trial
    metrics = [:]
    self.failure = failure
    self.seconds = seconds
  }

  /// Whether trying again would change nothing.
  package var isFinal: Bool { !(failure?.retryable ?? false) }
}
