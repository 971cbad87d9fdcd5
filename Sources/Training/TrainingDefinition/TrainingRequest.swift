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
  /// - Returns: the algorithm, and all of its hyperparameters with defaults filled in.
  /// - Throws: the first problem.
  package func validated() throws(TrainingProblem) -> (Algorithm, Hyperparameters) {
    let algorithm = try Algorithm.named(algorithm)
    let hyperparameters = try Hyperparameters(hyperparameters, for: algorithm)
    if let problem = TrainingLimits.epochs.problem("epochs", epochs) { throw problem }
    if let problem = TrainingLimits.batchSize.problem("batchSize", batchSize) { throw problem }
    if let fault = dataset.reading.faults.first { throw fault.problem }
    if let layers, let fault = LayerRequest.faults(layers, for: algorithm).first { throw fault.problem }
    return (algorithm, hyperparameters)
  }
}
