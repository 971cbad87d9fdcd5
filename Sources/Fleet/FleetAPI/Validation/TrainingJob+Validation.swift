extension TrainingJob {
  /// What is wrong with the job, in the order of its fields; empty for a job that can be run. Pure, and cheap enough for
  /// every reconcile. Hyperparameters' names and values are their algorithm's business.
  package func validate() -> [FieldError] {
    var validator = Validator()
    validator.checkOwnerName(name, why: "its tasks are named <job>-<attempt>-<rank>")
    validator.check("spec.workerPoolName", spec.workerPoolName, Limits.objectName, .objectName)
    validator.check("spec.priority", spec.priority, in: Limits.priority)
    validator.check(spec.training)
    validator.check(spec.workers)
    if let search = spec.training.search { validator.check(search) }
    validator.check("spec.backoffLimit", spec.backoffLimit, in: Limits.backoffLimit)
    validator.check("spec.activeDeadlineSeconds", spec.activeDeadlineSeconds, in: Limits.activeDeadlineSeconds)
    validator.check("spec.ttlSecondsAfterFinished", spec.ttlSecondsAfterFinished, in: Limits.ttlSeconds)
    return validator.errors
  }
}

extension Validator {
  fileprivate mutating func check(_ training: TrainingSpec) {
    if training.algorithm.rawValue.isEmpty {
      fail("spec.algorithm", .required, "one of \(Algorithm.all.map(\.rawValue).joined(separator: ", "))")
    } else {
      check("spec.algorithm", training.algorithm.rawValue, oneOf: Algorithm.all.map(\.rawValue))
    }
    check(training.dataset)
    let parameters = training.hyperparameters
    check("spec.hyperparameters", count: parameters.count, in: Limits.hyperparameters)
    for (position, parameter) in parameters.enumerated() {
      check("spec.hyperparameters[\(position)].name", parameter.name, Limits.parameterName, .parameterName)
      check("spec.hyperparameters[\(position)].value", parameter.value, Limits.parameterValue)
    }
    checkUnique(parameters.map(\.name)) { "spec.hyperparameters[\($0)].name" }
    check("spec.layers", count: training.layers.count, in: Limits.layers)
    for (position, layer) in training.layers.enumerated() { check(layer, at: "spec.layers[\(position)]") }
    check("spec.epochs", training.epochs, in: Limits.epochs)
    check("spec.batchSize", training.batchSize, in: Limits.batchSize)
    check("spec.checkpoint.everyEpochs", training.checkpoint?.everyEpochs, in: Limits.everyEpochs)
    check("spec.modelName", training.modelName, Limits.registryName, .registryName)
  }

  private mutating func check(_ layer: Layer, at field: String) {
    check("\(field).type", layer.type, oneOf: Layer.types)
    check("\(field).units", layer.units, in: Limits.layerUnits)
    check("\(field).filters", layer.filters, in: Limits.layerFilters)
    check("\(field).kernel", layer.kernel, in: Limits.layerKernel)
    check("\(field).size", layer.size, in: Limits.layerPool)
    check("\(field).rate", layer.rate, Limits.testFraction, .fraction)
    if let activation = layer.activation { check("\(field).activation", activation, oneOf: Layer.activations) }
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
    check("spec.dataset.missingValues", dataset.missingValues.rawValue, oneOf: MissingValues.all.map(\.rawValue))
    check("spec.dataset.format", dataset.format.rawValue, oneOf: DatasetFormat.all.map(\.rawValue))
    check("spec.dataset.targetColumn", dataset.targetColumn, Limits.columnName)
    let isBuiltin = dataset.uri?.hasPrefix(DatasetSpec.builtinScheme) ?? false
    if dataset.format == .csv, dataset.targetColumn == nil, !isBuiltin {
      fail("spec.dataset.targetColumn", .required, "CSV data needs the column to predict")
    }
    check("spec.dataset.dropColumns", count: dataset.dropColumns.count, in: Limits.dropColumns)
    for (position, column) in dataset.dropColumns.enumerated() {
      check("spec.dataset.dropColumns[\(position)]", column, Limits.columnName)
      if column == dataset.targetColumn {
        fail(
          "spec.dataset.dropColumns[\(position)]", .invalid, .string(column), "must not be the targetColumn")
      }
    }
    checkUnique(dataset.dropColumns) { "spec.dataset.dropColumns[\($0)]" }
    check("spec.dataset.testFraction", dataset.testFraction, Limits.testFraction, .fraction)
    check("spec.dataset.seed", dataset.seed, in: Limits.seed)
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

  fileprivate mutating func check(_ search: SearchSpec) {
    check("spec.search.parameters", count: search.parameters.count, in: Limits.searchParameters)
    for (position, parameter) in search.parameters.enumerated() {
      let field = "spec.search.parameters[\(position)]"
      check("\(field).name", parameter.name, Limits.parameterName, .parameterName)
      check("\(field).values", count: parameter.values.count, in: Limits.searchValues)
      for (index, value) in parameter.values.enumerated() {
        check("\(field).values[\(index)]", value, Limits.parameterValue)
      }
      checkUnique(parameter.values) { "\(field).values[\($0)]" }
    }
    checkUnique(search.parameters.map(\.name)) { "spec.search.parameters[\($0)].name" }
    check("spec.search.folds", search.folds, in: Limits.folds)
    check("spec.search.maxParallel", search.maxParallel, in: Limits.maxParallel)
    check("spec.search.objective", search.objective, Limits.parameterName, .parameterName)
  }
}
