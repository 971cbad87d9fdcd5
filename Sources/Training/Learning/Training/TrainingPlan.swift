import TrainingDefinition

/// A checked request with its data: what every session starts from.
struct TrainingPlan {
  let request: TrainingRequest
  let algorithm: Algorithm
  let hyperparameters: Hyperparameters
  let dataset: Dataset

  /// What a checkpoint must agree on: the request and the size of its data.
  /// - Parameter parameters: how many numbers are learned; 0 where that is not known beforehand.
  func fingerprint(parameters: Int) -> CheckpointHeader.Fingerprint {
    CheckpointHeader.Fingerprint(
      algorithm: algorithm.rawValue, hyperparameters: hyperparameters.texts, dataset: request.dataset,
      epochs: request.epochs, batchSize: request.batchSize, trainRows: dataset.train.count, parameters: parameters,
      layers: request.layers)
  }

  /// Evaluates `classifier` and wraps it up.
  func model(
    _ structure: ModelStructure, tensors: [Tensor], classifier: any Classifier, history: [EpochRecord],
    seconds: Double
  ) -> TrainedModel {
    let evaluator = Evaluator(classifier)
    return TrainedModel(
      description: TrainedModel.Description(
        algorithm: algorithm.rawValue, hyperparameters: hyperparameters.texts, structure: structure,
        preprocessing: dataset.preprocessing,
        report: EvaluationReport(
          train: evaluator.evaluate(dataset.train, ranking: true),
          test: dataset.test.count > 0 ? evaluator.evaluate(dataset.test, ranking: true) : nil,
          classes: dataset.preprocessing.classes, trainingTime: seconds),
        history: history, warnings: dataset.warnings),
      tensors: tensors)
  }
}
