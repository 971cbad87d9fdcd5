import FleetAPI

extension EngineRequest {
  /// Reads a task's spec.
  /// - Parameter datasetURI: where the data lies, after a registry's name was looked up.
  /// - Throws: where text in the spec is no such value as it should be.
  init(_ spec: TrainingTaskSpec, datasetURI: String) throws(TrainingFailure) {
    let training = spec.training
    let dataset = training.dataset
    func invalid(_ field: String, _ value: String, _ expected: String) -> TrainingFailure {
      TrainingFailure(
        reason: "InvalidRequest", message: "\(field) is \"\(value)\", but must be \(expected)", retryable: false)
    }
    guard let fraction = Double(dataset.testFraction), (0..<1).contains(fraction) else {
      throw invalid("dataset.testFraction", dataset.testFraction, "a decimal number from 0 up to, but not including, 1")
    }
    guard let seed = UInt64(exactly: dataset.seed) else {
      throw invalid("dataset.seed", String(dataset.seed), "an integer from 0")
    }
    var hyperparameters: [String: String] = [:]
    for parameter in training.hyperparameters {
      guard hyperparameters.updateValue(parameter.value, forKey: parameter.name) == nil else {
        throw invalid("hyperparameters", parameter.name, "given only once")
      }
    }
    // A trial of a search decides over what the job says of all.
    for parameter in spec.trial?.parameters ?? [] { hyperparameters[parameter.name] = parameter.value }
    self.init(
      algorithm: training.algorithm.rawValue, hyperparameters: hyperparameters, layers: training.layers,
      search: spec.trial == nil ? training.search : nil,
      datasetURI: datasetURI, format: dataset.format.rawValue, header: dataset.header,
      targetColumn: dataset.targetColumn, dropColumns: dataset.dropColumns, missingValues: dataset.missingValues,
      testFraction: fraction, stratified: dataset.stratified, seed: seed, epochs: training.epochs,
      batchSize: training.batchSize)
  }
}
