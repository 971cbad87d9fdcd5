import TrainingDefinition

extension TrainingSpec {
  /// The members, which stand in a job's `spec` and in a task's `spec.training`.
  static var properties: [Property] {
    [
      .required(
        "algorithm",
        .choice(
          "What is trained. LogisticRegression, SVM, DecisionTree and RandomForest are fitted; DNN, MLP, CNN and LSTM are "
            + "neural networks trained in epochs.", Algorithm.words)),
      .required("dataset", DatasetSpec.schema),
      .optional(
        "hyperparameters",
        .list(
          "Settings of the algorithm, such as learning_rate, each at most once. What is not given has the algorithm's "
            + "default; an unknown name fails the job with a message that lists the known ones.",
          of: Hyperparameter.schema, .map(keys: ["name"]), count: TrainingLimits.hyperparameters)),
      .optional(
        "layers",
        .list(
          "The layers of a network of one's own (DNN, MLP, CNN, LSTM), in place of the algorithm's.",
          of: LayerRequest.schema,
          count: 0...TrainingLimits.layers.upperBound)),
      .optional("search", SearchRequest.schema),
      .optional(
        "epochs",
        .int32(
          "Passes over the training data, for algorithms that make such passes. Default: \(defaultEpochs).",
          TrainingLimits.epochs, default: defaultEpochs)),
      .optional(
        "batchSize",
        .int32(
          "Rows a step, over all workers of the job: it does not change with their number. Default: "
            + "\(defaultBatchSize).", TrainingLimits.batchSize, default: defaultBatchSize)),
      .optional("checkpoint", CheckpointSpec.schema),
      .optional(
        "modelName",
        .string(
          "The model's name in the registry, where each success adds a version. Default: the job's name.",
          Limits.registryName, pattern: Pattern.registryName)),
    ]
  }

  /// The snapshot in a task.
  package static var schema: Schema {
    .object("What is trained, and on what: the job's spec as it was when the attempt began.", properties)
  }
}

extension Hyperparameter {
  package static var schema: Schema {
    .object(
      "One setting of the algorithm.",
      [
        .required(
          "name", .string("The setting's name.", TrainingLimits.parameterName, pattern: Pattern.parameterName)),
        .required("value", .string("Its value as text, numbers too: \"0.001\".", TrainingLimits.parameterValue)),
      ])
  }
}

extension DatasetSpec {
  package static var schema: Schema {
    .object(
      "The data to train on, and how it is read and split. Exactly one of name and uri is given.",
      [
        .optional(
          "name",
          .string("A data set of the registry.", Limits.registryName, pattern: Pattern.registryName)),
        .optional(
          "uri",
          .string(
            "Where the data lies: https:// or s3://bucket/key (CSV; endpoint and credentials from the workers' "
              + "environment, AWS_*), a path below the workers' data directory (iris.csv), a file (file:///data/iris.csv), "
              + "or generated data (builtin://digits?count=6000&seed=1).", Limits.uri)),
        .optional(
          "sha256",
          .string(
            "What the SHA-256 of data from https or s3 must be, in hexadecimal. A copy that has it needs no network.",
            Limits.sha256, pattern: Pattern.sha256)),
        .optional(
          "format",
          .choice(
            "How the bytes are read: CSV (RFC 4180) or IDX (images and labels as MNIST has them). "
              + "Default: CSV.", DatasetFormat.words, default: DatasetFormat.csv.rawValue)),
        .optional(
          "header",
          .boolean(
            "Whether the first line of CSV data names the columns. Without it they are column1, column2 and so on. "
              + "Default: true.", default: true)),
        .optional(
          "targetColumn",
          .string("The column to predict. CSV data must name it.", TrainingLimits.columnName)),
        .optional(
          "dropColumns",
          .list(
            "Columns to leave out (CSV): identifiers above all, which give the answer away where rows are sorted.",
            of: .string("A column's name.", TrainingLimits.columnName), .set, count: TrainingLimits.dropColumns)),
        .optional(
          "missingValues",
          .choice(
            "What becomes of cells that are empty or not known: Impute (the training rows' mean, or most frequent value), "
              + "DropRows, or Error. Default: Impute.", MissingValues.words,
            default: defaults.missingValues.rawValue)),
        .optional(
          "testFraction",
          .string(
            "The share of rows that is kept for testing, from 0 to below 1, as a decimal text; 0 tests nothing. Default: "
              + "\"\(defaults.testFraction.text)\".", TrainingLimits.shareText, pattern: Pattern.share,
            default: defaults.testFraction.text)),
        .optional(
          "stratified",
          .boolean(
            "Whether the rows kept for testing have all classes in the proportions of the whole. Default: false.",
            default: false)),
        .optional(
          "seed",
          .int64(
            "The seed of the split, of the order of samples and of the first weights: one seed, one result. Default: "
              + "\(defaults.seed).", TrainingLimits.seed, default: defaults.seed)),
      ],
      rules: [
        CELRule("has(self.name) != has(self.uri)", "exactly one of name and uri must be set"),
        CELRule(
          "self.format != 'CSV' || has(self.targetColumn) || (has(self.uri) && self.uri.startsWith('builtin://'))",
          "targetColumn is required for CSV data: name the column to predict"),
        CELRule(
          "!has(self.targetColumn) || !has(self.dropColumns) || !(self.targetColumn in self.dropColumns)",
          "targetColumn must not be one of dropColumns"),
      ])
  }

  /// What a data set that says nothing says.
  private static var defaults: DatasetReading { DatasetReading() }
}

extension CheckpointSpec {
  package static var schema: Schema {
    .object(
      "How often a checkpoint is kept, from which a new attempt goes on. Without it none is kept.",
      [
        .optional(
          "everyEpochs",
          .int32("Epochs from one checkpoint to the next. Default: 1.", TrainingLimits.checkpointEpochs, default: 1))
      ])
  }
}
