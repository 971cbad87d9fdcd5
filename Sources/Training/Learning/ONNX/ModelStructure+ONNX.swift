import ONNX

extension ModelStructure {
  /// Appends the operations that compute this structure.
  /// - Parameters:
  ///   - tensors: the model's, checked.
  ///   - features: a float value [N×inputWidth].
  /// - Returns: the float value [N×classes] that holds the probabilities.
  /// - Throws: `notExportable`.
  func append(
    _ tensors: [Tensor], for preprocessing: Preprocessing, features: String, to builder: inout GraphBuilder
  ) throws(LearningError) -> String {
    switch self {
    case .network(let layers):
      try NetworkGraph.append(
        layers, tensors, features: features, inputWidth: preprocessing.inputWidth, to: &builder)
    case .supportVectors(let shape):
      try SupportVectorGraph(SupportVectorModel.machine(tensors, shape: shape, for: preprocessing))
        .append(features: features, to: &builder)
    case .forest:
      ForestGraph(tensors, classes: preprocessing.classes.count).append(features: features, to: &builder)
    }
  }
}
