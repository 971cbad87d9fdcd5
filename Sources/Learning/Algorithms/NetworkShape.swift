/// The layers of a gradient algorithm on one data set, and the network they make.
struct NetworkShape {
  let layers: [LayerSpec]
  let network: Network

  init(_ plan: TrainingPlan) {
    self.init(
      Self.layers(plan.algorithm, plan.hyperparameters, classes: plan.dataset.classCount),
      inputWidth: plan.dataset.train.width)
  }

  init(_ layers: [LayerSpec], inputWidth: Int) {
    self.layers = layers
    network = Network(layers, inputWidth: inputWidth)
  }

  /// The layers of `algorithm`, ending in one logit for each of `classes`; a single dense one where it has no layers.
  static func layers(_ algorithm: Algorithm, _ hyperparameters: Hyperparameters, classes: Int) -> [LayerSpec] {
    switch algorithm {
    case .logisticRegression, .supportVectors:
      return [.dense(units: classes)]
    case .mlp:
      let rate = hyperparameters.number("dropout")
      return [
        .dense(units: 128), .relu, .dropout(rate: rate), .dense(units: 128), .relu, .dropout(rate: rate),
        .dense(units: classes),
      ]
    case .dnn:
      return [.dense(units: 128), .relu, .dense(units: 64), .relu, .dense(units: classes)]
    case .decisionTree, .randomForest:
      preconditionFailure("\(algorithm.rawValue) has no layers")
    }
  }
}
