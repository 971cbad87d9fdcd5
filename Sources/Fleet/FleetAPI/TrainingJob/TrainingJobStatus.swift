import Basics
import KubeTypes

/// What the operator has seen of a job. Counters live here: they survive the operator.
package struct TrainingJobStatus: Sendable, Hashable, Codable {
  package var observedGeneration: Int64?
  package var conditions: [Condition]
  /// Percent of the training done, 0 to 100.
  package var progressPercentage: Int?
  /// Passes over the training data that are complete.
  package var epoch: Int?
  /// The newest training loss, and accuracy on test data (training data until an epoch is over), as decimal strings.
  package var loss: String?
  package var accuracy: String?
  /// Workers that train the job now.
  package var workers: Int?
  /// Attempts that failed and were made up for by another.
  package var restarts: Int
  /// The number of the current attempt; it also rises when a worker hands its task back, which is no failure.
  package var attempt: Int
  /// When the job was first admitted since it was created or last resumed.
  package var startTime: Timestamp?
  package var completionTime: Timestamp?
  /// Why the job failed.
  package var failure: TaskFailure?
  package var model: ModelReference?
  /// Final metrics by their names.
  package var metrics: [Metric]

  /// Whether the operator has never written it: its conditions are then the server's defaults, nobody's observation.
  package var isUnseen: Bool { observedGeneration == nil }

  package init() {
    conditions = []
    restarts = 0
    attempt = 0
    metrics = []
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    observedGeneration = try container.decodeIfPresent(Int64.self, forKey: .observedGeneration)
    conditions = try container.decodeIfPresent([Condition].self, forKey: .conditions) ?? []
    progressPercentage = try container.decodeIfPresent(Int.self, forKey: .progressPercentage)
    epoch = try container.decodeIfPresent(Int.self, forKey: .epoch)
    loss = try container.decodeIfPresent(String.self, forKey: .loss)
    accuracy = try container.decodeIfPresent(String.self, forKey: .accuracy)
    workers = try container.decodeIfPresent(Int.self, forKey: .workers)
    restarts = try container.decodeIfPresent(Int.self, forKey: .restarts) ?? 0
    attempt = try container.decodeIfPresent(Int.self, forKey: .attempt) ?? 0
    startTime = try container.decodeIfPresent(Timestamp.self, forKey: .startTime)
    completionTime = try container.decodeIfPresent(Timestamp.self, forKey: .completionTime)
    failure = try container.decodeIfPresent(TaskFailure.self, forKey: .failure)
    model = try container.decodeIfPresent(ModelReference.self, forKey: .model)
    metrics = try container.decodeIfPresent([Metric].self, forKey: .metrics) ?? []
  }
}

/// The model that a job made, in the registry.
package struct ModelReference: Sendable, Hashable, Codable {
  package var name: String
  package var version: String
  /// In the style that users of the replaced systems know: `RandomForest_95.2%_Dec16`.
  package var displayName: String?
  /// The registry's own identifier.
  package var id: String?
  /// Where the model's file lies, for a registry that is a directory.
  package var uri: String?

  package init(name: String, version: String, displayName: String? = nil, id: String? = nil, uri: String? = nil) {
    self.name = name
    self.version = version
    self.displayName = displayName
    self.id = id
    self.uri = uri
  }
}

/// A named number, as a decimal string.
package struct Metric: Sendable, Hashable, Codable {
  package var name: String
  package var value: String
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// Condition types and reasons of a job.
package enum JobCondition {
  /// The summary: Unknown while the job is active, True or False for good.
  package static let succeeded = "Succeeded"
  /// Whether workers are assigned to it.
  package static let admitted = "Admitted"
  package static let suspended = "Suspended"
  /// False while a running attempt trains another spec than the job now has.
  package static let specApplied = "SpecApplied"
  /// Whether the registry has all that the job's workers have to tell; not there before there is something to say.
  package static let reported = "Reported"

  package enum Reason {
    package static let queued = "Queued"
    package static let running = "Running"
    /// Trained; the model waits on the worker's disk for the registry.
    package static let reporting = "Reporting"
    package static let retrying = "Retrying"
    package static let suspended = "Suspended"
    package static let completed = "Completed"
    package static let failed = "Failed"
    package static let invalidSpec = "InvalidSpec"
    package static let backoffLimitExceeded = "BackoffLimitExceeded"
    package static let deadlineExceeded = "DeadlineExceeded"
    package static let poolNotFound = "WorkerPoolNotFound"
    package static let waitingForWorkers = "WaitingForWorkers"
    package static let assigned = "WorkersAssigned"
    package static let resumed = "Resumed"
    package static let finished = "Finished"
    package static let specChanged = "ChangedWhileRunning"
    package static let specCurrent = "Current"
    package static let delivered = "Delivered"
  }
}

extension TrainingJob {
  private var summary: Condition? { status?.conditions[type: JobCondition.succeeded] }
  /// True once the job has succeeded or failed, for good.
  package var isFinished: Bool { summary.map { $0.status != .unknown } ?? false }
  package var hasSucceeded: Bool { summary?.status == .true }
  package var hasFailed: Bool { summary?.status == .false }
  /// The STATUS column: the summary's reason.
  package var state: String { summary?.reason ?? "" }
}
