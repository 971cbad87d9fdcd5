/// How far a run is.
package struct TrainingProgress: Sendable, Equatable {
  /// Epochs completed.
  package var epoch: Int
  /// Epochs asked for. An upper bound for LogisticRegression, which may converge sooner.
  package var epochs: Int
  /// Steps completed within the current epoch.
  package var step: Int
  package var stepsPerEpoch: Int
  /// Steps completed since the start.
  package var totalSteps: Int
  /// Mean over the current epoch so far, or over the last one at its end; nil before the first step.
  package var loss: Double?
  /// Share of training rows predicted right, over the same steps as `loss`.
  package var accuracy: Double?
  /// At the end of the last epoch that was tested; nil before it or without a test set.
  package var testLoss: Double?
  package var testAccuracy: Double?
  /// 0…1, never falling; exactly 1 when finished.
  package var fraction: Double
}
