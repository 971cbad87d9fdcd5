import Basics
import KubeTypes
import TrainingDefinition

extension TrainingJob {
  /// What is wrong with the job, in the order of its fields; empty for a job that can be run. Pure, and cheap enough for
  /// every reconcile. What the trainer would refuse whatever the data, it refuses: by the trainer's own checks.
  package func validate() -> [FieldError] {
    var validator = Validator()
    validator.checkOwnerName(name, why: "its tasks are named <job>-<attempt>-<rank>")
    validator.check("spec.workerPoolName", spec.workerPoolName, Limits.objectName, .objectName)
    validator.check("spec.priority", spec.priority, in: Limits.priority)
    validator.check(spec.training)
    validator.check(spec.workers)
    validator.check("spec.backoffLimit", spec.backoffLimit, in: Limits.backoffLimit)
    validator.check("spec.activeDeadlineSeconds", spec.activeDeadlineSeconds, in: Limits.activeDeadlineSeconds)
    validator.check("spec.ttlSecondsAfterFinished", spec.ttlSecondsAfterFinished, in: Limits.ttlSeconds)
    return validator.errors
  }
}

extension Validator {
  fileprivate mutating func check(_ training: TrainingSpec) {
    if training.algorithm.rawValue.isEmpty {
      fail("spec.algorithm", .required, "one of \(Algorithm.words.joined(separator: ", "))")
    } else {
      check("spec.algorithm", training.algorithm.rawValue, oneOf: Algorithm.words)
    }
    check(training.dataset)
    check(training.hyperparameters)
    // What an unknown algorithm takes nobody knows.
    if let algorithm = training.algorithm.known {
      fail(algorithm.faults(in: training.hyperparameters))
      if !training.layers.isEmpty { fail(LayerRequest.faults(training.layers, for: algorithm)) }
      if let search = training.search { fail(search.faults(for: algorithm)) }
    }
    check("spec.epochs", training.epochs, in: TrainingLimits.epochs)
    check("spec.batchSize", training.batchSize, in: TrainingLimits.batchSize)
    check("spec.checkpoint.everyEpochs", training.checkpoint?.everyEpochs, in: TrainingLimits.checkpointEpochs)
    check("spec.modelName", training.modelName, Limits.registryName, .registryName)
  }

  private mutating func check(_ parameters: [Hyperparameter]) {
    check("spec.hyperparameters", count: parameters.count, in: TrainingLimits.hyperparameters)
    for (position, parameter) in parameters.enumerated() {
      check("spec.hyperparameters[\(position)].name", parameter.name, TrainingLimits.parameterName, .parameterName)
      check("spec.hyperparameters[\(position)].value", parameter.value, TrainingLimits.parameterValue)
    }
    checkUnique(parameters.map(\.name)) { "spec.hyperparameters[\($0)].name" }
  }

  private mutating func check(_ dataset: DatasetSpec) {
    switch (dataset.name, dataset.uri) {
    case (nil, nil): fail("spec.dataset", .required, "exactly one of name and uri must be set")
    case (.some, .some): fail("spec.dataset", .forbidden, "exactly one of name and uri must be set, not both")
    default: break
    }
    check("spec.dataset.name", dataset.name, Limits.registryName, .registryName)
    check("spec.dataset.uri", dataset.uri, Limits.uri)
    check("spec.dataset.sha256", dataset.sha256, Limits.sha256, .sha256)
    check("spec.dataset.format", dataset.format.rawValue, oneOf: DatasetFormat.words)
    let isBuiltin = dataset.uri?.hasPrefix(GeneratedDigits.scheme) ?? false
    if dataset.format == .csv, dataset.targetColumn == nil, !isBuiltin {
      fail("spec.dataset.targetColumn", .required, "CSV data needs the column to predict")
    }
    for (position, column) in dataset.dropColumns.enumerated() {
      if column == dataset.targetColumn {
        fail(
          "spec.dataset.dropColumns[\(position)]", .invalid, .string(column), "must not be the targetColumn")
      }
    }
    checkUnique(dataset.dropColumns) { "spec.dataset.dropColumns[\($0)]" }
    fail(GeneratedDigits.faults(in: dataset.uri) + dataset.reading.faults)
  }

  fileprivate mutating func check(_ workers: WorkerRange) {
    check("spec.workers.min", workers.min, in: Limits.workers)
    check("spec.workers.max", workers.max, in: Limits.workers)
    if workers.min > workers.max {
      fail(
        "spec.workers.min", .invalid, .int(Int64(workers.min)), "must not be above workers.max, which is \(workers.max)"
      )
    }
  }
}
