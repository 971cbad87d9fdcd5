import TrainingDefinition

/// What a model computes, as its file describes it. The numbers are in the model's tensors.
package enum ModelStructure: Codable, Sendable, Equatable {
  /// A chain of layers that ends in one logit a class.
  case network([LayerSpec])
  /// Trees whose leaves' class distributions are averaged.
  case forest(ForestShape)
  /// A support vector machine for each pair of classes.
  case supportVectors(SupportVectorShape)

  /// The model's tensors out of a file, checked: names, shapes, and that they fit inputs and classes.
  /// - Throws: `badModel`.
  func tensors(in file: TensorFile, for preprocessing: Preprocessing) throws(LearningError) -> [Tensor] {
    switch self {
    case .network(let layers): try NetworkModel.tensors(in: file, layers: layers, for: preprocessing)
    case .forest(let shape): try ForestModel.tensors(in: file, shape: shape, for: preprocessing)
    case .supportVectors(let shape): try SupportVectorModel.tensors(in: file, shape: shape, for: preprocessing)
    }
  }

  /// The classifier that computes it. `tensors` are checked ones.
  /// - Throws: `linearAlgebraUnavailable`.
  func classifier(_ tensors: [Tensor], for preprocessing: Preprocessing) throws(LearningError) -> any Classifier {
    switch self {
    case .network(let layers): try NetworkModel.classifier(tensors, layers: layers, for: preprocessing)
    case .forest: ForestModel.classifier(tensors, for: preprocessing)
    case .supportVectors(let shape):
      SupportVectorClassifier(
        SupportVectorModel.machine(tensors, shape: shape, for: preprocessing), blas: try Blas.load())
    }
  }
}
