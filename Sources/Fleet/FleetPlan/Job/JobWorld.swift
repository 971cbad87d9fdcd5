import Basics
import FleetAPI
import KubeTypes

/// All that the decision about one job looks at.
package struct JobWorld: Sendable {
  package var job: TrainingJob
  /// The tasks of the job's name, also those of an earlier job that had it.
  package var tasks: [TrainingTask]
  /// nil where the pool does not exist.
  package var pool: WorkerPool?
  /// The UIDs of the pods, among those the tasks name, that exist and have not ended.
  package var liveWorkers: Set<String>
  /// What the job fails with because its spec is wrong; nil where it is right.
  package var specFailure: TaskFailure?
  package var now: Timestamp

  package init(
    job: TrainingJob, tasks: [TrainingTask] = [], pool: WorkerPool? = nil, liveWorkers: Set<String> = [],
    specFailure: TaskFailure? = nil, now: Timestamp
  ) {
    self.job = job
    self.tasks = tasks
    self.pool = pool
    self.liveWorkers = liveWorkers
    self.specFailure = specFailure
    self.now = now
  }
}

/// What is to be done about one job.
package struct JobPlan: Sendable {
  /// The whole new status.
  package var status: TrainingJobStatus
  /// What becomes of the job's tasks.
  package var tasks = TaskChanges()
  package var deletesJob = false
  /// Recorded after the status is written.
  package var events: [PlannedEvent] = []
  /// When to look again though nothing changed.
  package var checkAgainAt: Timestamp?

  init(status: TrainingJobStatus) { self.status = status }

  mutating func checkAgain(at time: Timestamp) {
    if let earlier = checkAgainAt, earlier <= time { return }
    checkAgainAt = time
  }
}
