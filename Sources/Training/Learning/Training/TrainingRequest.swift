/// What to train: the part of a job's spec that the engine needs.
package struct TrainingRequest: Sendable, Codable, Equatable {
  package var algorithm: String
  /// As the user wrote them; missing ones take their defaults.
  package var hyperparameters: [String: String]
  package var dataset: DatasetRequest
  /// Passes over the data. LogisticRegression goes by `max_iter` instead, an SVM by its pairs of classes.
  package var epochs: Int
  /// Rows a step, over all ranks. LogisticRegression and SVM always use all rows.
  package var batchSize: Int
  /// The network's layers in place of the algorithm's own, without the output layer; nil for the algorithm's own.
  package var layers: [LayerRequest]?

  package init(
    algorithm: String, hyperparameters: [String: String] = [:], dataset: DatasetRequest, epochs: Int = 10,
    batchSize: Int = 32, layers: [LayerRequest]? = nil
  ) {
    self.algorithm = algorithm
    self.hyperparameters = hyperparameters
    self.dataset = dataset
    self.epochs = epochs
    self.batchSize = batchSize
    self.layers = layers
  }

  /// Checks everything that can be checked without data.
  /// - Throws: `unknownAlgorithm`, `unknownHyperparameter`, `invalidHyperparameter`, `invalidRequest`.
  package func validated() throws(LearningError) -> (Algorithm, Hyperparameters) {
    let algorithm = try Algorithm.named(algorithm)
    let hyperparameters = try Hyperparameters(hyperparameters, for: algorithm)
    guard (1...1_000_000).contains(epochs) else {
      throw .invalidRequest(field: "epochs", value: "\(epochs)", expected: "from 1 to 1000000")
    }
    guard (1...65_536).contains(batchSize) else {
      throw .invalidRequest(field: "batchSize", value: "\(batchSize)", expected: "from 1 to 65536")
    }
    if let layers { try LayerRequest.validate(layers, for: algorithm) }
    return (algorithm, hyperparameters)
  }
}

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
