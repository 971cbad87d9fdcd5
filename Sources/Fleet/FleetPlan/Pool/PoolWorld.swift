import Basics
import FleetAPI
import KubeTypes

/// All that the decisions about one pool look at.
package struct PoolWorld: Sendable {
  package var pool: WorkerPool
  package var pods: [Pod]
  /// Jobs that name the pool.
  package var jobs: [TrainingJob]
  /// Tasks of the pool.
  package var tasks: [TrainingTask]
  package var defaults: PodDefaults
  package var specErrors: [String]
  /// Jobs whose spec is invalid, by name: they wait for nobody.
  package var invalidJobs: Set<String>
  /// Ranks that a job may be spread over.
  package var ranksAtMost: Int
  package var now: Timestamp

  package init(
    pool: WorkerPool, pods: [Pod] = [], jobs: [TrainingJob] = [], tasks: [TrainingTask] = [], defaults: PodDefaults,
    specErrors: [String] = [], invalidJobs: Set<String> = [], ranksAtMost: Int = Dispatcher.maxRanks, now: Timestamp
  ) {
    self.pool = pool
    self.pods = pods
    self.jobs = jobs
    self.tasks = tasks
    self.defaults = defaults
    self.specErrors = specErrors
    self.invalidJobs = invalidJobs
    self.ranksAtMost = ranksAtMost
    self.now = now
  }
}

/// What is to be done about one pool.
package struct PoolPlan: Sendable {
  package var status = WorkerPoolStatus()
  package var createdPods: [Pod] = []
  package var deletedPods: [Pod] = []
  /// Pods to be marked as draining from now on.
  package var drainedPods: [Pod] = []
  /// What becomes of the tasks of the pool's workers.
  package var tasks = TaskChanges()
  package var events: [PlannedEvent] = []
  package var checkAgainAt: Timestamp?

  mutating func checkAgain(at time: Timestamp) {
    if let earlier = checkAgainAt, earlier <= time { return }
    checkAgainAt = time
  }
}
