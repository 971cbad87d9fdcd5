/// A checked request with its data: what every session starts from.
struct TrainingPlan {
  let request: TrainingRequest
  let algorithm: Algorithm
  let hyperparameters: Hyperparameters
  let dataset: Dataset
  let layers: [LayerSpec]
  let network: Network

  init(request: TrainingRequest, algorithm: Algorithm, hyperparameters: Hyperparameters, dataset: Dataset) {
    self.request = request
    self.algorithm = algorithm
    self.hyperparameters = hyperparameters
    self.dataset = dataset
    layers = algorithm.layers(hyperparameters, classes: dataset.classCount)
    network = Network(layers, inputWidth: dataset.train.width)
  }

  /// What a checkpoint must agree on: the request and the size of its data.
  var fingerprint: CheckpointHeader.Fingerprint {
    CheckpointHeader.Fingerprint(
      algorithm: algorithm.rawValue, hyperparameters: hyperparameters.texts, dataset: request.dataset,
      epochs: request.epochs, batchSize: request.batchSize, trainRows: dataset.train.count,
      parameters: network.parameterCount)
  }

  /// Evaluates `parameters` and wraps them up.
  func model(
    parameters: FloatBuffer, evaluator: Evaluator, history: [EpochRecord], seconds: Double
  ) -> TrainedModel {
    let train = evaluator.evaluate(dataset.train, parameters: parameters.base)
    let test = dataset.test.count > 0 ? evaluator.evaluate(dataset.test, parameters: parameters.base) : nil
    let values = parameters.array
    return TrainedModel(
      description: TrainedModel.Description(
        algorithm: algorithm.rawValue, hyperparameters: hyperparameters.texts, layers: layers,
        preprocessing: dataset.preprocessing,
        report: EvaluationReport(
          train: train, test: test, classes: dataset.preprocessing.classes, trainingTime: seconds),
        history: history),
      tensors: network.slots.map { slot in
        Tensor(name: slot.name, shape: slot.shape, floats: Array(values[slot.offset..<(slot.offset + slot.count)]))
      })
  }
}
