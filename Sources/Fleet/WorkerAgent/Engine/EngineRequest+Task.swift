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
        dataset: try DatasetRequest(training.dataset, uri: datasetURI), epochs: training.epochs,
        batchSize: training.batchSize, layers: training.layers.isEmpty ? nil : training.layers),
      search: spec.trial == nil ? training.search : nil)
  }
}

extension DatasetRequest {
  fileprivate init(_ dataset: DatasetSpec, uri: String) throws(TrainingProblem) {
    guard let missingValues = dataset.missingValues.known else {
      throw .invalidRequest(
        field: "dataset.missingValues", value: dataset.missingValues.rawValue,
        expected: MissingValues.words.joined(separator: ", "))
    }
    guard let fraction = Share(dataset.testFraction).value else {
      throw .invalidRequest(field: "dataset.testFraction", value: dataset.testFraction, expected: Share.requirement)
    }
    guard let seed = UInt64(exactly: dataset.seed) else {
      throw .invalidRequest(field: "dataset.seed", value: "\(dataset.seed)", expected: "an integer from 0")
    }
    self.init(
      uri: uri, format: dataset.format.rawValue, header: dataset.header, targetColumn: dataset.targetColumn,
      dropColumns: dataset.dropColumns, missingValues: missingValues, testFraction: fraction,
      stratified: dataset.stratified, seed: seed)
  }
}

extension TrainingFailure {
  init(_ problem: TrainingProblem) {
    self.init(reason: problem.reason, message: problem.message, retryable: false)
  }
}
