import FleetAPI
import TrainingDefinition

extension EngineRequest {
  /// Reads a task's spec.
  /// - Parameter datasetURI: where the data lies, after a registry's name was looked up.
  /// - Throws: where text in the spec is no such value as it should be: the task may be of an operator that checked less.
  init(_ spec: TrainingTaskSpec, datasetURI: String) throws(TrainingFailure) {
    do { try self.init(checking: spec, datasetURI: datasetURI) } catch { throw TrainingFailure(error) }
  }

  private init(checking spec: TrainingTaskSpec, datasetURI: String) throws(TrainingProblem) {
    let training = spec.training
    var hyperparameters = try training.hyperparameters.byName()
    // A trial of a search decides over what the job says of all.
    for parameter in spec.trial?.parameters ?? [] { hyperparameters[parameter.name] = parameter.value }
    self.init(
      training: TrainingRequest(
        algorithm: training.algorithm.rawValue, hyperparameters: hyperparameters,
        dataset: DatasetRequest(
          uri: datasetURI, format: training.dataset.format.rawValue, reading: training.dataset.reading),
        epochs: training.epochs,
        batchSize: training.batchSize, layers: training.layers.isEmpty ? nil : training.layers),
      search: spec.trial == nil ? training.search : nil)
  }
}

extension TrainingFailure {
  init(_ problem: TrainingProblem) {
    self.init(reason: problem.reason, message: problem.message, retryable: false)
  }
}
