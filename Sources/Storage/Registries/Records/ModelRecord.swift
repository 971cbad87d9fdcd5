#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a model is and how it came about.
package struct ModelInfo: Sendable, Hashable, Codable {
  /// The name under which its versions stand.
  package var name: String
  /// In the style that users of the replaced systems know: `RandomForest_95.2%_Dec16`.
  package var displayName: String
  package var algorithm: String
  package var hyperparameters: [String: String]
  /// Final metrics by name.
  package var metrics: [String: Double]
  /// The input columns, in the order the model takes them.
  package var features: [String]
  package var targetColumn: String?
  /// The data set as the job named it: a registry name or a URI.
  package var dataset: String
  /// What tells this data from other data under the same name.
  package var datasetFingerprint: String
  /// The UID of the job whose run trained it.
  package var run: String
  /// Identifies the training specification.
  package var fingerprint: String
  /// Seconds.
  package var trainingTime: Double
  /// The job that trained it, and its namespace.
  package var job: String?
  package var namespace: String?
  /// What is done to a row before the model sees it, as JSON: encoders, scaler, what missing values become.
  package var preprocessing: String?

  package init(
    name: String, displayName: String, algorithm: String, hyperparameters: [String: String] = [:],
    metrics: [String: Double] = [:], features: [String] = [], targetColumn: String? = nil, dataset: String,
    datasetFingerprint: String, run: String, fingerprint: String, trainingTime: Double = 0,
    job: String? = nil, namespace: String? = nil, preprocessing: String? = nil
  ) {
    self.name = name
    self.displayName = displayName
    self.algorithm = algorithm
    self.hyperparameters = hyperparameters
    self.metrics = metrics
    self.features = features
    self.targetColumn = targetColumn
    self.dataset = dataset
    self.datasetFingerprint = datasetFingerprint
    self.run = run
    self.fingerprint = fingerprint
    self.trainingTime = trainingTime
    self.job = job
    self.namespace = namespace
    self.preprocessing = preprocessing
  }
}

/// A model to be registered.
package struct ModelDraft: Sendable {
  /// One of a model's files, such as the model with its preprocessing in one format.
  package struct File: Sendable {
    package var name: String
    package var data: Data
    package init(name: String, data: Data) {
      self.name = name
      self.data = data
    }
  }
  package var info: ModelInfo
  /// At least one; the first is the one that ``ModelRecord/uri`` leads to.
  package var files: [File]

  package init(info: ModelInfo, files: [File]) {
    self.info = info
    self.files = files
  }
}

/// A registered model.
package struct ModelRecord: Sendable, Hashable {
  package var info: ModelInfo
  /// `v1`, `v2`, …
  package var version: String
  package var created: Date
  package var files: [StoredFile]
  /// Words that people gave it, sorted.
  package var tags: [String]
  /// The registry's own identifier.
  package var id: String
  /// Where the first file lies.
  package var uri: String
  /// Bytes of all files.
  package var size: Int { files.reduce(0) { $0 + $1.size } }
  /// The SHA-256 of the first file.
  package var checksum: String { files.first?.sha256 ?? "" }

  package init(
    info: ModelInfo, version: String, created: Date, files: [StoredFile], tags: [String] = [], id: String, uri: String
  ) {
    self.info = info
    self.version = version
    self.created = created
    self.files = files
    self.tags = tags
    self.id = id
    self.uri = uri
  }
}
