import TrainingDefinition

/// What a worker needs to know to train: it stands in the job's spec, and a snapshot of it in every task, so that a
/// spec changed later does not reach an attempt that runs.
package struct TrainingSpec: Sendable, Hashable, Codable {
  package var algorithm: Open<Algorithm>
  package var dataset: DatasetSpec
  package var hyperparameters: [Hyperparameter]
  /// The network's own layers, in place of the algorithm's; none keeps those.
  package var layers: [LayerRequest]
  /// Varies hyperparameters; the best combination becomes the model.
  package var search: SearchRequest?
  /// Passes over the training data, for algorithms that make such passes.
  package var epochs: Int
  /// Rows a step, over all workers of the job.
  package var batchSize: Int
  package var checkpoint: CheckpointSpec?
  /// The model's name in the registry; the job's name where it is not given.
  package var modelName: String?

  package init(
    algorithm: Algorithm, dataset: DatasetSpec, hyperparameters: [Hyperparameter] = [], layers: [LayerRequest] = [],
    epochs: Int = Self.defaultEpochs, batchSize: Int = Self.defaultBatchSize, checkpoint: CheckpointSpec? = nil,
    modelName: String? = nil
  ) {
    self.algorithm = Open(algorithm)
    self.dataset = dataset
    self.hyperparameters = hyperparameters
    self.layers = layers
    self.epochs = epochs
    self.batchSize = batchSize
    self.checkpoint = checkpoint
    self.modelName = modelName
  }

  package static let defaultEpochs = 10
  package static let defaultBatchSize = 32

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    algorithm = try container.decodeIfPresent(Open<Algorithm>.self, forKey: .algorithm) ?? Open(rawValue: "")
    dataset = try container.decodeIfPresent(DatasetSpec.self, forKey: .dataset) ?? DatasetSpec()
    hyperparameters = try container.decodeIfPresent([Hyperparameter].self, forKey: .hyperparameters) ?? []
    layers = try container.decodeIfPresent([LayerRequest].self, forKey: .layers) ?? []
    search = try container.decodeIfPresent(SearchRequest.self, forKey: .search)
    epochs = try container.decodeIfPresent(Int.self, forKey: .epochs) ?? Self.defaultEpochs
    batchSize = try container.decodeIfPresent(Int.self, forKey: .batchSize) ?? Self.defaultBatchSize
    checkpoint = try container.decodeIfPresent(CheckpointSpec.self, forKey: .checkpoint)
    modelName = try container.decodeIfPresent(String.self, forKey: .modelName)
  }
}

/// The data to train on, and how it is read and split.
package struct DatasetSpec: Sendable, Hashable, Codable {
  /// A data set of the registry. Exactly one of `name` and `uri` is given.
  package var name: String?
  /// `https://…`, `s3://bucket/key`, `file:///path`, a path below the workers' data directory, or `builtin://digits`.
  package var uri: String?
  /// What the file's SHA-256 must be, in hexadecimal.
  package var sha256: String?
  package var format: Open<DatasetFormat>
  /// Whether the first line names the columns (CSV).
  package var header: Bool
  /// The column to predict (CSV).
  package var targetColumn: String?
  /// Columns to leave out, identifiers above all (CSV).
  package var dropColumns: [String]
  /// What becomes of cells that are not known (CSV).
  package var missingValues: Open<MissingValues>
  /// The share of rows kept for testing, as a decimal string.
  package var testFraction: String
  /// Whether the rows kept for testing have the classes in the same proportions.
  package var stratified: Bool
  /// The seed of the split, the order of samples and the first weights.
  package var seed: Int

  package init(
    name: String? = nil, uri: String? = nil, sha256: String? = nil, format: DatasetFormat = .csv, header: Bool = true,
    targetColumn: String? = nil, dropColumns: [String] = [], missingValues: MissingValues = .impute,
    testFraction: String = Self.defaultTestFraction, stratified: Bool = false, seed: Int = Self.defaultSeed
  ) {
    self.name = name
    self.uri = uri
    self.sha256 = sha256
    self.format = Open(format)
    self.header = header
    self.targetColumn = targetColumn
    self.dropColumns = dropColumns
    self.missingValues = Open(missingValues)
    self.testFraction = testFraction
    self.stratified = stratified
    self.seed = seed
  }

  package static let defaultTestFraction = "0.2"
  package static let defaultSeed = 42

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decodeIfPresent(String.self, forKey: .name)
    uri = try container.decodeIfPresent(String.self, forKey: .uri)
    sha256 = try container.decodeIfPresent(String.self, forKey: .sha256)
    format = try container.decodeIfPresent(Open<DatasetFormat>.self, forKey: .format) ?? Open(.csv)
    header = try container.decodeIfPresent(Bool.self, forKey: .header) ?? true
    targetColumn = try container.decodeIfPresent(String.self, forKey: .targetColumn)
    dropColumns = try container.decodeIfPresent([String].self, forKey: .dropColumns) ?? []
    missingValues = try container.decodeIfPresent(Open<MissingValues>.self, forKey: .missingValues) ?? Open(.impute)
    testFraction = try container.decodeIfPresent(String.self, forKey: .testFraction) ?? Self.defaultTestFraction
    stratified = try container.decodeIfPresent(Bool.self, forKey: .stratified) ?? false
    seed = try container.decodeIfPresent(Int.self, forKey: .seed) ?? Self.defaultSeed
  }
}

/// How often a checkpoint is kept.
package struct CheckpointSpec: Sendable, Hashable, Codable {
  package var everyEpochs: Int
  package init(everyEpochs: Int = 1) { self.everyEpochs = everyEpochs }
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    everyEpochs = try container.decodeIfPresent(Int.self, forKey: .everyEpochs) ?? 1
  }
}
