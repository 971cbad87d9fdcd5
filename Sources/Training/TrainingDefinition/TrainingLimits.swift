/// The bounds of trainings: the one place that the API's schema, the operator's validation, the trainer and the command
/// line read them from. A bound of something that Kubernetes alone knows is in `FleetAPI.Limits`.
package enum TrainingLimits {
  package static let epochs = 1...1_000_000
  /// A larger batch than this makes networks worse before it makes them faster.
  package static let batchSize = 1...65_536
  /// Numbers that every JSON reader keeps exactly (2^53 - 1).
  package static let seed = 0...9_007_199_254_740_991
  /// From one checkpoint to the next.
  package static let checkpointEpochs = 1...1_000_000

  /// Characters of a column's name.
  package static let columnName = 1...256
  package static let dropColumns = 0...1_000
  package static let generatedImages = 20...1_000_000
  /// Characters of a share: all digits that a number of 64 bits may have, and some more.
  package static let shareText = 1...32

  package static let hyperparameters = 0...64
  /// Characters of a hyperparameter's name, or of an objective's.
  package static let parameterName = 1...63
  /// Characters of a hyperparameter's value.
  package static let parameterValue = 0...1_024

  /// Layers of one's own, where there are some.
  package static let layers = 1...64
  /// Outputs of a dense layer.
  package static let layerUnits = 1...65_536
  /// Outputs of an LSTM: orthogonal initial weights of more would take minutes.
  package static let lstmUnits = 1...1_024
  package static let layerFilters = 1...4_096
  package static let layerKernel = 1...64
  package static let layerPool = 1...15

  package static let searchParameters = 1...16
  /// Values of one searched hyperparameter.
  package static let searchValues = 1...256
  package static let folds = 2...20
  package static let maxParallel = 1...1_024
  /// Trials of a search: each is a training and, in a cluster, a task.
  package static let trials = 1...10_000
}

extension ClosedRange where Bound == Int {
  /// What is wrong with a number of the request's field; nil where it is within these bounds.
  func problem(_ field: String, _ value: Int) -> TrainingProblem? {
    guard !contains(value) else { return nil }
    return .invalidRequest(field: field, value: "\(value)", expected: "from \(lowerBound) to \(upperBound)")
  }
}
