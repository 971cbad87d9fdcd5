import Basics
import KubeTypes
import Registries

// What scripts read: these names are kept. Times are RFC 3339 in UTC, sizes are bytes; what is not known is left out.

/// A file of a record.
struct FileView: Codable, Equatable {
  var name: String
  var size: Int
  var sha256: String

  init(_ file: StoredFile) {
    name = file.name
    size = file.size
    sha256 = file.sha256
  }
}

/// A version of a data set.
struct DatasetView: Codable, Equatable {
  var name: String
  var version: String
  var created: String
  var size: Int
  var files: [FileView]
  var summary: DatasetSummary?
  /// Every version, the newest first; only of a single data set.
  var versions: [String]?

  init(_ dataset: DatasetRecord, versions: [DatasetRecord]? = nil) {
    name = dataset.name
    version = dataset.version
    created = dataset.created.rfc3339
    size = dataset.size
    files = dataset.files.map(FileView.init)
    summary = dataset.summary
    self.versions = versions?.map(\.version)
  }
}

/// A version of a model.
struct ModelView: Codable, Equatable {
  var name: String
  var version: String
  var id: String
  var displayName: String
  var algorithm: String
  var hyperparameters: [String: String]
  var metrics: [String: Double]
  var features: [String]
  var targetColumn: String?
  var dataset: String
  var datasetFingerprint: String
  var run: String
  var job: String?
  var namespace: String?
  var trainingTimeSeconds: Double
  var created: String
  var size: Int
  var files: [FileView]
  var tags: [String]
  var uri: String
  /// Only of a single model.
  var preprocessing: JSONValue?

  init(_ model: ModelRecord, isWhole: Bool = false) {
    let info = model.info
    name = info.name
    version = model.version
    id = model.id
    displayName = info.displayName
    algorithm = info.algorithm
    hyperparameters = info.hyperparameters
    metrics = info.metrics
    features = info.features
    targetColumn = info.targetColumn
    dataset = info.dataset
    datasetFingerprint = info.datasetFingerprint
    run = info.run
    job = info.job
    namespace = info.namespace
    trainingTimeSeconds = info.trainingTime
    created = model.created.rfc3339
    size = model.size
    files = model.files.map(FileView.init)
    tags = model.tags
    uri = model.uri
    preprocessing = isWhole ? JSONValue(embedded: info.preprocessing) : nil
  }
}
