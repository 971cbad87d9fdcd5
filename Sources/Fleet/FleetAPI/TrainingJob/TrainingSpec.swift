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

/// How often a checkpoint is kept.
package struct CheckpointSpec: Sendable, Hashable, Codable {
  package var everyEpochs: Int
  package init(everyEpochs: Int = 1) { self.everyEpochs = everyEpochs }
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    everyEpochs = try container.decodeIfPresent(Int.self, forKey: .everyEpochs) ?? 1
  }
}
