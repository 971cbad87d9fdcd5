import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A version of a model as it is kept.
struct ModelDocument {
  var info: ModelInfo
  var number: Int
  var created: Date
  var files: [KeptFile]
  var tags: [String] = []

  static func version(_ number: Int) -> String { "v\(number)" }

  /// The number that a version says; nil where it is none of a model.
  static func number(_ version: String) -> Int? {
    guard version.first == "v", let number = Int(version.dropFirst()), Self.version(number) == version else {
      return nil
    }
    return number
  }

  func document() throws(RegistryError) -> BSONDocument {
    try checkFinite(info.metrics, "model \(info.name)")
    var document: BSONDocument = [
      "schema": .int(MongoSchema.version), "name": .string(info.name), "number": .int(number),
      "version": .string(Self.version(number)), "live": true, "displayName": .string(info.displayName),
      "algorithm": .string(info.algorithm),
      "hyperparameters": BSONDocument.named(info.hyperparameters) { .string($0) },
      "metrics": BSONDocument.named(info.metrics) { .double($0) },
      "features": .array(info.features.map { .string($0) }), "dataset": .string(info.dataset),
      "datasetFingerprint": .string(info.datasetFingerprint), "run": .string(info.run),
      "fingerprint": .string(info.fingerprint), "trainingTime": .double(info.trainingTime), "created": .date(created),
      "size": .int(files.reduce(0) { $0 + $1.stored.size }), "files": .array(files.map { .document($0.document) }),
      "tags": .array(tags.map { .string($0) }),
    ]
    document.set("targetColumn", info.targetColumn.map { .string($0) })
    document.set("job", info.job.map { .string($0) })
    document.set("namespace", info.namespace.map { .string($0) })
    document.set("preprocessing", info.preprocessing.map { .string($0) })
    return document
  }

  init(info: ModelInfo, number: Int, created: Date, files: [KeptFile]) {
    self.info = info
    self.number = number
    self.created = created
    self.files = files
  }

  init(_ document: BSONDocument) throws(RegistryError) {
    let title = "model \(document["name"]?.stringValue ?? "?") \(document["version"]?.stringValue ?? "?")"
    let reader = try DocumentReader(document, title)
    number = try reader.int("number")
    created = try reader.date("created")
    files = try reader.documents("files").map { file throws(RegistryError) in try KeptFile(file) }
    tags = try reader.strings("tags").sorted()
    info = ModelInfo(
      name: try reader.string("name"), displayName: try reader.string("displayName"),
      algorithm: try reader.string("algorithm"),
      hyperparameters: try reader.named("hyperparameters", \.stringValue),
      metrics: try reader.named("metrics", \.doubleValue), features: try reader.strings("features"),
      targetColumn: document["targetColumn"]?.stringValue, dataset: try reader.string("dataset"),
      datasetFingerprint: try reader.string("datasetFingerprint"), run: try reader.string("run"),
      fingerprint: try reader.string("fingerprint"), trainingTime: try reader.double("trainingTime"),
      job: document["job"]?.stringValue, namespace: document["namespace"]?.stringValue,
      preprocessing: document["preprocessing"]?.stringValue)
  }

  /// - Parameter place: what the registry's URIs begin with.
  func record(at place: String) -> ModelRecord {
    let version = Self.version(number)
    let id = "\(info.name)/\(version)"
    return ModelRecord(
      info: info, version: version, created: created, files: files.map(\.stored), tags: tags, id: id,
      uri: "\(place)/models/\(id)/\(files.first?.stored.name ?? "")")
  }
}
