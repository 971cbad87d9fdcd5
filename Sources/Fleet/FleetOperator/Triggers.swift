import FleetAPI
import KubeRuntime
import KubeTypes

/// Which change of what object calls for which reconcile.
struct Triggers: Sendable {
  let caches: Caches
  let jobs: WorkQueue<ObjectKey>
  let pools: WorkQueue<ObjectKey>
  let jobWrites: OwnWrites<ObjectKey>
  let poolWrites: OwnWrites<ObjectKey>

  /// Registers all handlers; before the caches run.
  func connect() {
    caches.jobs.onChange { change in
      jobWrites.observe(change)
      jobs.add(change.key)
      if Self.concernsPool(change) { addPool(change.object.poolKey) }
    }
    caches.pools.onChange { change in
      pools.add(change.key)
      if Self.concernsJobs(change) { wakeWaitingJobs(of: change.key) }
    }
    caches.tasks.onChange { change in
      poolWrites.observe(change)
      let task = change.object
      addJob(of: task)
      if Self.concernsPool(change), let pool = Caches.poolKey(of: task.metadata) { addPool(pool) }
    }
    caches.pods.onChange { change in
      poolWrites.observe(change)
      if let pool = Caches.poolKey(of: change.object.metadata) { pools.add(pool) }
      if Self.isEnd(change) {
        for task in caches.tasks.store.indexed(Caches.Index.worker, change.object.uid) {
          jobs.add(ObjectKey(namespace: task.namespace, name: task.spec.jobName))
        }
      }
    }
  }

  /// A job moves its pool when it begins or ceases to want workers; not when its progress is written.
  static func concernsPool(_ change: ObjectChange<TrainingJob>) -> Bool {
    guard case .applied(let old?, let new) = change else { return true }
    return old.spec != new.spec || old.isFinished != new.isFinished || old.isTerminating != new.isTerminating
      || old.uid != new.uid || old.status?.attempt != new.status?.attempt
  }

  /// A task moves its pool when it is made, frees its worker, is over or is gone; not when it reports progress.
  static func concernsPool(_ change: ObjectChange<TrainingTask>) -> Bool {
    guard case .applied(let old?, let new) = change else { return true }
    return old.isFinished != new.isFinished || old.occupiesWorker != new.occupiesWorker
      || old.isTerminating != new.isTerminating || old.uid != new.uid
  }

  /// A pool moves its waiting jobs when it comes or goes, or its size changes: what they wait for changes with it.
  static func concernsJobs(_ change: ObjectChange<WorkerPool>) -> Bool {
    guard case .applied(let old?, let new) = change else { return true }
    return old.spec.replicas != new.spec.replicas || old.uid != new.uid
  }

  static func isEnd(_ change: ObjectChange<Pod>) -> Bool {
    switch change {
    case .deleted: true
    case .applied(let old, let new): new.isFinished || (old.map { $0.uid != new.uid } ?? false)
    }
  }

  /// Gathers what comes within a few milliseconds into one reconcile: a pool's looks at all of its jobs, and in a burst
  /// there would be one for each task that ends.
  private func addPool(_ key: ObjectKey) { pools.add(key, after: Self.poolGatheringTime) }

  private static let poolGatheringTime = Duration.milliseconds(5)

  /// What a task's end means for its job is written at once. Its beginning can wait a moment that nobody sees: of a task
  /// that is over by then only the end is written.
  private func addJob(of task: TrainingTask) {
    let key = ObjectKey(namespace: task.namespace, name: task.spec.jobName)
    if task.isFinished || task.isTerminating { jobs.add(key) } else { jobs.add(key, after: Self.jobGatheringTime) }
  }

  private static let jobGatheringTime = Duration.milliseconds(200)

  private func wakeWaitingJobs(of pool: ObjectKey) {
    for job in caches.jobs.store.indexed(Caches.Index.activePool, pool.description) {
      jobs.add(job.key)
    }
  }
}
