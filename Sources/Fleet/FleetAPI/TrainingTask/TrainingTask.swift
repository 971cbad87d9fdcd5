import KubeTypes
import TrainingDefinition

/// One rank of a job's group, or one trial of its search, assigned to one worker. Made by the operator; its status is
/// written by the worker alone.
package struct TrainingTask: KubeObject {
  package static let definition = ResourceDefinition(
    group: Fleet.group, version: Fleet.version, plural: "trainingtasks", kind: "TrainingTask")

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var spec: TrainingTaskSpec
  package var status: TrainingTaskStatus?

  package init(metadata: ObjectMeta, spec: TrainingTaskSpec, status: TrainingTaskStatus? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.spec = spec
    self.status = status
  }

  /// The one name of a member's task: what is created twice is refused by the API server.
  package static func name(job: String, attempt: Int, member: Int) -> String { "\(job)-\(attempt)-\(member)" }

  /// The state; a task that its worker has not taken up is pending.
  package var state: TaskState { status?.state ?? .pending }
  /// True once the worker will do nothing more for this task.
  package var isFinished: Bool { state.isFinished }
  /// True while its worker can take up no other task.
  package var occupiesWorker: Bool { state.occupiesWorker }
}

/// What a worker is to do.
package struct TrainingTaskSpec: Sendable, Hashable, Codable {
  package var jobName: String
  package var jobUID: String
  /// Which attempt of the job this is, from 0.
  package var attempt: Int
  /// The task's number among those of its attempt. It only rises: who takes a lost member's place has another.
  package var member: Int
  package var worker: WorkerReference
  package var training: TrainingSpec
  package var group: RankGroup
  package var trial: Trial?
  /// The least time between two reports of mere progress; nil where the worker's own will do.
  package var reportIntervalSeconds: Int?
  /// Set by the operator to have the worker stop: it keeps a checkpoint and reports `Stopped`.
  package var stop: StopRequest?

  package init(
    jobName: String, jobUID: String, attempt: Int, member: Int = 0, worker: WorkerReference, training: TrainingSpec,
    group: RankGroup = RankGroup(), trial: Trial? = nil, reportIntervalSeconds: Int? = nil, stop: StopRequest? = nil
  ) {
    self.jobName = jobName
    self.jobUID = jobUID
    self.attempt = attempt
    self.member = member
    self.worker = worker
    self.training = training
    self.group = group
    self.trial = trial
    self.reportIntervalSeconds = reportIntervalSeconds
    self.stop = stop
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    jobName = try container.decode(String.self, forKey: .jobName)
    jobUID = try container.decode(String.self, forKey: .jobUID)
    attempt = try container.decode(Int.self, forKey: .attempt)
    // A task from before members had numbers is the only one of its attempt.
    member = try container.decodeIfPresent(Int.self, forKey: .member) ?? 0
    worker = try container.decode(WorkerReference.self, forKey: .worker)
    training = try container.decode(TrainingSpec.self, forKey: .training)
    group = try container.decodeIfPresent(RankGroup.self, forKey: .group) ?? RankGroup()
    trial = try container.decodeIfPresent(Trial.self, forKey: .trial)
    reportIntervalSeconds = try container.decodeIfPresent(Int.self, forKey: .reportIntervalSeconds)
    stop = try container.decodeIfPresent(StopRequest.self, forKey: .stop)
  }
}

/// A worker's pod; the UID tells it from an earlier pod of the same name.
package struct WorkerReference: Sendable, Hashable, Codable {
  package var name: String
  package var uid: String
  package init(name: String, uid: String) {
    self.name = name
    self.uid = uid
  }
}

/// A task's own place in the group that trains its job. Who else is in it stands once, in a ``TrainingGroup``.
package struct RankGroup: Sendable, Hashable, Codable {
  /// The number of the membership that this place is of.
  package var generation: Int
  /// The place, from 0: rank 0 speaks for the group.
  package var rank: Int
  /// How many ranks there are.
  package var size: Int
  package init(generation: Int = 1, rank: Int = 0, size: Int = 1) {
    self.generation = generation
    self.rank = rank
    self.size = size
  }
}

/// Why a task shall stop.
package struct StopRequest: Sendable, Hashable, Codable {
  /// `Suspended`, `Draining`, `DeadlineExceeded` or `Cancelled`.
  package var reason: String
  package init(reason: String) { self.reason = reason }
  package static let suspended = StopRequest(reason: "Suspended")
  package static let draining = StopRequest(reason: "Draining")
  package static let deadlineExceeded = StopRequest(reason: "DeadlineExceeded")
  package static let cancelled = StopRequest(reason: "Cancelled")
}

/// Where a task stands.
package enum TaskState: String, Sendable, Hashable, Codable, CaseIterable {
  case pending = "Pending"
  case running = "Running"
  /// Trained: the model waits on the worker's disk for a registry that is away. The worker is free for its next task.
  case reporting = "Reporting"
  case succeeded = "Succeeded"
  case failed = "Failed"
  /// The worker gave the task back: it was told to stop, or is itself being stopped.
  case stopped = "Stopped"

  package var isFinished: Bool {
    switch self {
    case .pending, .running, .reporting: false
    case .succeeded, .failed, .stopped: true
    }
  }

  /// True while the task keeps its worker from taking up another.
  package var occupiesWorker: Bool {
    switch self {
    case .pending, .running: true
    case .reporting, .succeeded, .failed, .stopped: false
    }
  }
}
