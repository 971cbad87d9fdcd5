#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One attempt of one job's training.
package struct RunRecord: Sendable, Hashable, Codable {
  /// The job's UID, or that of a trial of its search: all attempts have the same.
  package var id: String
  package var job: String
  package var namespace: String
  package var algorithm: String
  package var hyperparameters: [String: String]
  /// As the job names it.
  package var dataset: String
  package var attempt: Int
  /// The task's state when this record was written: `Running`, `Succeeded`, …
  package var state: String
  /// When the attempt began.
  package var created: Date
  /// When it was over.
  package var finished: Date?
  /// What tells this data from other data under the same name.
  package var datasetFingerprint: String?
  /// The training specification, as JSON.
  package var spec: String?
  package var host: HostFacts?
  /// Final metrics by name, once there are some.
  package var metrics: [String: Double]?
  /// The registered model, `<name>/<version>`.
  package var model: String?
  /// Why it failed: `<reason>: <message>`.
  package var failure: String?

  package init(
    id: String, job: String, namespace: String, algorithm: String, hyperparameters: [String: String], dataset: String,
    attempt: Int, state: String, created: Date = Date()
  ) {
    self.id = id
    self.job = job
    self.namespace = namespace
    self.algorithm = algorithm
    self.hyperparameters = hyperparameters
    self.dataset = dataset
    self.attempt = attempt
    self.state = state
    self.created = created
  }
}

/// Where an attempt was trained.
package struct HostFacts: Sendable, Hashable, Codable {
  package var pod: String
  /// The machine's name.
  package var node: String
  /// The processor's model, as the system tells it.
  package var processor: String
  /// Processors that the worker may use.
  package var processors: Int
  /// Bytes that the worker may use.
  package var memory: Int
  /// TensorFleet's version.
  package var version: String

  package init(pod: String, node: String, processor: String, processors: Int, memory: Int, version: String) {
    self.pod = pod
    self.node = node
    self.processor = processor
    self.processors = processors
    self.memory = memory
    self.version = version
  }
}
