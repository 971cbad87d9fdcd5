import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A run's record as it is kept: of each attempt, and of the newest once more at the top, where queries look.
enum RunDocument {
  static func fields(of run: RunRecord) throws(RegistryError) -> BSONDocument {
    try checkFinite(run.metrics ?? [:], "run \(run.id)")
    var fields: BSONDocument = [
      "job": .string(run.job), "namespace": .string(run.namespace), "algorithm": .string(run.algorithm),
      "hyperparameters": BSONDocument.named(run.hyperparameters) { .string($0) }, "dataset": .string(run.dataset),
      "attempt": .int(run.attempt), "state": .string(run.state), "created": .date(run.created),
    ]
    fields.set("finished", run.finished.map { .date($0) })
    fields.set("datasetFingerprint", run.datasetFingerprint.map { .string($0) })
    fields.set("spec", run.spec.map { .string($0) })
    fields.set("host", run.host.map { .document(document(of: $0)) })
    fields.set("metrics", run.metrics.map { BSONDocument.named($0) { .double($0) } })
    fields.set("model", run.model.map { .string($0) })
    fields.set("failure", run.failure.map { .string($0) })
    return fields
  }

  /// Every field that ``fields(of:)`` may have: those that a record lacks are taken away when it replaces another.
  static let optionalFields = ["finished", "datasetFingerprint", "spec", "host", "metrics", "model", "failure"]

  static func run(_ id: String, _ reader: DocumentReader) throws(RegistryError) -> RunRecord {
    var run = RunRecord(
      id: id, job: try reader.string("job"), namespace: try reader.string("namespace"),
      algorithm: try reader.string("algorithm"),
      hyperparameters: try reader.named("hyperparameters", \.stringValue), dataset: try reader.string("dataset"),
      attempt: try reader.int("attempt"), state: try reader.string("state"), created: try reader.date("created"))
    let document = reader.document
    run.finished = document["finished"]?.dateValue
    run.datasetFingerprint = document["datasetFingerprint"]?.stringValue
    run.spec = document["spec"]?.stringValue
    if let host = document["host"]?.documentValue { run.host = try facts(DocumentReader(host, reader.what)) }
    if document["metrics"] != nil { run.metrics = try reader.named("metrics", \.doubleValue) }
    run.model = document["model"]?.stringValue
    run.failure = document["failure"]?.stringValue
    return run
  }

  private static func document(of host: HostFacts) -> BSONDocument {
    [
      "pod": .string(host.pod), "node": .string(host.node), "processor": .string(host.processor),
      "processors": .int(host.processors), "memory": .int(host.memory), "version": .string(host.version),
    ]
  }

  private static func facts(_ reader: DocumentReader) throws(RegistryError) -> HostFacts {
    HostFacts(
      pod: try reader.string("pod"), node: try reader.string("node"), processor: try reader.string("processor"),
      processors: try reader.int("processors"), memory: try reader.int("memory"),
      version: try reader.string("version"))
  }
}
