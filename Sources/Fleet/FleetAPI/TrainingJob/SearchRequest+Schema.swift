import TrainingDefinition

extension SearchRequest {
  package static var schema: Schema {
    .object(
      "A search over hyperparameters: each combination of values is a trial, and the best one becomes the model.",
      [
        .required(
          "parameters",
          .list(
            "What to vary.", of: Parameter.schema, .map(keys: ["name"]), count: TrainingLimits.searchParameters)),
        .optional(
          "folds",
          .int32(
            "Folds of the stratified cross-validation of each combination. Default: one split of the training rows.",
            TrainingLimits.folds)),
        .optional(
          "maxParallel",
          .int32(
            "The most trials at once. For now they run one after the other on the job's worker.",
            TrainingLimits.maxParallel)),
        .optional(
          "objective",
          .string(
            "What decides which is best: Accuracy, F1, Precision, Recall, Loss or ROCAUC. Default: Accuracy.",
            TrainingLimits.parameterName,
            pattern: Pattern.parameterName)),
      ])
  }
}

extension SearchRequest.Parameter {
  package static var schema: Schema {
    .object(
      "A hyperparameter and the values to try.",
      [
        .required(
          "name", .string("The hyperparameter's name.", TrainingLimits.parameterName, pattern: Pattern.parameterName)),
        .required(
          "values",
          .list(
            "The values to try, as texts.", of: .string("A value.", TrainingLimits.parameterValue), .set,
            count: TrainingLimits.searchValues)),
      ])
  }
}
