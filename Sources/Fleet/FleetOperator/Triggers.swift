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

  /// Registers all handlers.
  func connect() -> [HandlerRegistration] {
    let ofJobs = caches.jobs.onChange { change in
      jobWrites.observe(change)
      jobs.add(change.key, urgent: true)
      if Self.concernsPool(change) { pools.add(change.object.poolKey) }
    }
    let ofPools = caches.pools.onChange { change in
      pools.add(change.key)
      if Self.concernsJobs(change) { wakeWaitingJobs(of: change.key) }
    }
    let ofTasks = caches.tasks.onChange { change in
      poolWrites.observe(change)
      let task = change.object
      addJob(of: task)
      if Self.concernsPool(change), let pool = Caches.poolKey(of: task.metadata) { pools.add(pool) }
    }
    let ofPods = caches.pods.onChange { change in
      poolWrites.observe(change)
      if let pool = Caches.poolKey(of: change.object.metadata) { pools.add(pool) }
      if Self.isEnd(change) {
        let tasks = caches.tasks.store.indexed(Caches.Index.worker, change.object.uid)
        for task in tasks.sorted(by: { $0.name < $1.name }) {
          jobs.add(ObjectKey(namespace: task.namespace, name: task.spec.jobName), urgent: true)
        }
      }
    }
    return [ofJobs, ofPools, ofTasks, ofPods]
  }

  /// Calls for a reconcile of all that is known: a new leader trusts nothing that it did not see done. The jobs of tasks
  /// are among them that are gone themselves.
  func addAll() {
    for key in caches.pools.store.all.map(\.key).sorted() { pools.add(key, urgent: true) }
    let owners = caches.tasks.store.all.map { ObjectKey(namespace: $0.namespace, name: $0.spec.jobName) }
    for key in Set(caches.jobs.store.all.map(\.key) + owners).sorted() { jobs.add(key, urgent: true) }
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

  /// What a task's end means for its job is written at once. Its beginning can wait a moment that nobody sees: of a task
  /// that is over by then only the end is written.
  private func addJob(of task: TrainingTask) {
    let key = ObjectKey(namespace: task.namespace, name: task.spec.jobName)
    jobs.add(key, urgent: task.isFinished || task.isTerminating)
  }

  private func wakeWaitingJobs(of pool: ObjectKey) {
    for key in caches.jobs.store.indexed(Caches.Index.activePool, pool.description).map(\.key).sorted() {
      jobs.add(key, urgent: true)
    }
  }
}
