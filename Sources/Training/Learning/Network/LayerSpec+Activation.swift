import TrainingDefinition

extension LayerSpec {
  /// The activation that this is, if it is one.
  var activation: Activation? {
    switch self {
    case .relu: .relu
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    default: nil
    }
  }
}
