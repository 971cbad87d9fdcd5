import TrainingDefinition

/// What an algorithm's epochs are called.
struct ProgressUnit: Sendable, Equatable {
  let name: String
  /// Whether their number is known beforehand.
  let isCounted: Bool

  /// nil for an algorithm that does everything in one.
  init?(algorithm: String) {
    switch Algorithm(rawValue: algorithm) {
    case .logisticRegression: (name, isCounted) = ("iteration", false)
    case .randomForest: (name, isCounted) = ("tree", true)
    case .decisionTree, .svm: return nil
    case .dnn, .mlp, .cnn, .lstm, nil: (name, isCounted) = ("epoch", true)
    }
  }
}
