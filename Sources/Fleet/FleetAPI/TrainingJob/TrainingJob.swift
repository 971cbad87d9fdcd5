import KubeTypes

/// A model to train: what to train, on which data, on which pool of workers.
package struct TrainingJob: KubeObject {
  package static let definition = ResourceDefinition(
    group: Fleet.group, version: Fleet.version, plural: "trainingjobs", kind: "TrainingJob")

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: TrainingJobSpec
  package var status: TrainingJobStatus?

  package init(metadata: ObjectMeta, spec: TrainingJobSpec, status: TrainingJobStatus? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }

  /// What the job's tasks are to train: the spec, with the model's name filled in.
  package var effectiveTraining: TrainingSpec {
    var training = spec.training
    if training.modelName == nil { training.modelName = name }
    return training
  }

  /// The pool the job runs on.
  package var poolKey: ObjectKey { ObjectKey(namespace: namespace, name: spec.workerPoolName) }
}

/// What a user asks of a job.
package struct TrainingJobSpec: Sendable, Hashable, Codable {
  /// The WorkerPool, of the job's namespace, whose workers train it.
  package var workerPoolName: String
  /// Jobs of higher priority are admitted first; among equals the older one.
  package var priority: Int
  /// True keeps the job from running, or stops it; it keeps its last checkpoint.
  package var suspend: Bool
  /// What is trained, and on what.
  package var training: TrainingSpec
  package var workers: WorkerRange
  /// How many failed attempts are made up for by a new one before the job fails.
  package var backoffLimit: Int
  /// Seconds after `status.startTime` at which the job fails with `DeadlineExceeded`.
  package var activeDeadlineSeconds: Int?
  /// Seconds after completion at which the job is deleted.
  package var ttlSecondsAfterFinished: Int?

  package init(workerPoolName: String, training: TrainingSpec) {
    self.workerPoolName = workerPoolName
    self.training = training
    priority = 0
    suspend = false
    workers = WorkerRange()
    backoffLimit = Self.defaultBackoffLimit
  }

  package static let defaultBackoffLimit = 6

  private enum CodingKeys: String, CodingKey {
    case workerPoolName, priority, suspend, workers, backoffLimit, activeDeadlineSeconds,
      ttlSecondsAfterFinished
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    workerPoolName = try container.decodeIfPresent(String.self, forKey: .workerPoolName) ?? ""
    priority = try container.decodeIfPresent(Int.self, forKey: .priority) ?? 0
    suspend = try container.decodeIfPresent(Bool.self, forKey: .suspend) ?? false
    training = try TrainingSpec(from: decoder)  // Its fields stand beside these, as users know them.
    workers = try container.decodeIfPresent(WorkerRange.self, forKey: .workers) ?? WorkerRange()
    backoffLimit = try container.decodeIfPresent(Int.self, forKey: .backoffLimit) ?? Self.defaultBackoffLimit
    activeDeadlineSeconds = try container.decodeIfPresent(Int.self, forKey: .activeDeadlineSeconds)
    ttlSecondsAfterFinished = try container.decodeIfPresent(Int.self, forKey: .ttlSecondsAfterFinished)
  }

  package func encode(to encoder: any Encoder) throws {
    try training.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workerPoolName, forKey: .workerPoolName)
    try container.encode(priority, forKey: .priority)
    try container.encode(suspend, forKey: .suspend)
    try container.encode(workers, forKey: .workers)
    try container.encode(backoffLimit, forKey: .backoffLimit)
    try container.encodeIfPresent(activeDeadlineSeconds, forKey: .activeDeadlineSeconds)
    try container.encodeIfPresent(ttlSecondsAfterFinished, forKey: .ttlSecondsAfterFinished)
  }
}

/// How many workers may train a job at once.
package struct WorkerRange: Sendable, Hashable, Codable {
  /// The job is admitted only when this many workers are idle at once (gang admission).
  package var min: Int
  /// The most workers it is given.
  package var max: Int

  package init(min: Int = 1, max: Int? = nil) {
    self.min = min
    self.max = max ?? min
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    min = try container.decodeIfPresent(Int.self, forKey: .min) ?? 1
    max = try container.decodeIfPresent(Int.self, forKey: .max) ?? Swift.max(1, min)
  }
}
