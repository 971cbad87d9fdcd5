import Basics
import FleetAPI
import FleetPlan
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

/// Keeps one pool's pods, its workers' tasks and its status as ``PoolPlanner`` decides.
struct PoolReconciler: Sendable {
  let client: KubeClient
  let caches: Caches
  let configuration: OperatorConfiguration
  let recorder: EventRecorder
  let account: WorkerAccount
  /// Pods and tasks that were written for a pool, by the pool's key.
  let writes: OwnWrites<ObjectKey>
  let progress: ProgressThrottle
  let now: @Sendable () -> Timestamp
  let log: Logger

  func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
    guard let pool = caches.pools.store[key] else {
      progress.forget(key)
      writes.forget(key)
      return .done  // Its pods go with it: they carry owner references.
    }
    guard writes.isSettled(key) else { return .requeue(after: .milliseconds(10)) }
    return try await apply(PoolPlanner.plan(gather(pool)), to: pool)
  }

  // MARK: Gather

  private func gather(_ pool: WorkerPool) -> PoolWorld {
    let jobs = caches.jobs.store.indexed(Caches.Index.activePool, pool.key.description)
    // A job that was seen was found valid, or is over.
    let invalid = jobs.indices.filter { (jobs[$0].status?.isUnseen ?? true) && !jobs[$0].validate().isEmpty }
    return PoolWorld(
      pool: pool, pods: caches.pods.store.indexed(Caches.Index.pool, pool.key.description), jobs: jobs,
      tasks: relevantTasks(of: pool, jobs: jobs), defaults: configuration.podDefaults,
      specErrors: pool.validate().map(\.description), invalidJobs: Set(invalid.map { jobs[$0].name }), now: now())
  }

  /// The pool's tasks that are not over, and all tasks under the names of jobs that are not: a finished job's finished
  /// tasks, the most by far, decide nothing.
  private func relevantTasks(of pool: WorkerPool, jobs: [TrainingJob]) -> [TrainingTask] {
    let store = caches.tasks.store
    var tasks: [TrainingTask] = []
    for place in jobs.indices { tasks += store.indexed(Caches.Index.job, jobs[place].key.description) }
    let known = Set(tasks.map(\.uid))
    for pod in caches.pods.store.indexed(Caches.Index.pool, pool.key.description) {
      tasks += store.indexed(Caches.Index.worker, pod.uid).filter { !$0.isFinished && !known.contains($0.uid) }
    }
    return tasks
  }

  // MARK: Apply

  private func apply(_ plan: PoolPlan, to pool: WorkerPool) async throws -> ReconcileResult {
    if !plan.createdPods.isEmpty { try await account.ensure(in: pool.namespace) }
    try await each(plan.createdTasks) { try await create($0, for: pool) }
    for stop in plan.stops { try await stop.task.requestStop(stop.request, client: client) }
    try await each(plan.drainedPods) { try await markDraining($0, of: pool) }
    try await each(plan.deletedPods) { try await delete($0, of: pool) }
    try await each(plan.createdPods) { try await create($0, for: pool) }
    let wait = try await writeStatus(plan.status, of: pool)
    for event in plan.events {
      await recorder.record(
        pool.reference, type: event.warning ? .warning : .normal, reason: event.reason, message: event.message)
    }
    let check = plan.checkAgainAt.map { Duration.seconds(max(0.01, $0.seconds(since: now()))) }
    let delay = [wait, check].compactMap { $0 }.min()
    return delay.map { .requeue(after: $0) } ?? .done
  }

  /// Runs the writes of one kind together, a bounded number at a time. All are tried; the first error is thrown then.
  private func each<Item: Sendable>(
    _ items: [Item], _ write: @escaping @Sendable (Item) async throws -> Void
  ) async throws {
    var failure: (any Error)?
    await withTaskGroup(of: (any Error)?.self) { group in
      var rest = items[...]
      func next() {
        guard let item = rest.popFirst() else { return }
        group.addTask {
          do { try await write(item) } catch { return error }
          return nil
        }
      }
      for _ in 0..<configuration.writesAtOnce { next() }
      for await error in group {
        if failure == nil { failure = error }
        next()
      }
    }
    if let failure { throw failure }
  }

  private func create(_ task: TrainingTask, for pool: WorkerPool) async throws {
    do {
      let made = try await client.resource(TrainingTask.self, namespace: pool.namespace)
        .create(task, fieldManager: Fleet.operatorName)
      writes.expect(pool.key, created: made)
    } catch {
      // The name is the attempt's own: that it exists means that it was made before, and the cache will show it. A job
      // that is gone (404 for its namespace, 403 in one that ends) needs no task.
      guard error.isAlreadyExists || error.isNotFound else { throw error }
    }
  }

  private func create(_ pod: Pod, for pool: WorkerPool) async throws {
    do {
      let made = try await client.resource(Pod.self, namespace: pool.namespace)
        .create(pod, fieldManager: Fleet.operatorName)
      writes.expect(pool.key, created: made)
    } catch {
      if error.isAlreadyExists { return }
      if error.isForbidden { account.forget(pool.namespace) }
      await recorder.record(
        pool.reference, type: .warning, reason: "FailedCreate", message: "pod \(pod.name): \(error)")
      throw error
    }
  }

  private func markDraining(_ pod: Pod, of pool: WorkerPool) async throws {
    let patch = JSONValue.object([
      "metadata": [
        "uid": .string(pod.uid),
        "annotations": .object([Fleet.Annotation.drainingSince: .string(now().description)]),
      ]
    ])
    do {
      let marked = try await client.resource(Pod.self, namespace: pod.namespace)
        .patch(pod.name, .merge(patch), fieldManager: Fleet.operatorName)
      writes.expect(pool.key, updated: marked)
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
  }

  private func delete(_ pod: Pod, of pool: WorkerPool) async throws {
    guard try await !holdsUnseenTask(pod) else { throw StaleCache(pod: pod.name) }
    do {
      try await client.resource(Pod.self, namespace: pod.namespace).delete(pod.name, DeleteOptions(uid: pod.uid))
      writes.expectDeletion(pool.key, of: pod)
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
  }

  /// Asks the server itself before a worker goes that has nothing to do, as it seems: a task that was made a moment ago,
  /// by a write whose answer was lost or by the operator before this one, may not be in the cache yet.
  private func holdsUnseenTask(_ pod: Pod) async throws -> Bool {
    guard !pod.isFinished else { return false }
    // One that is known goes with its worker: the time to drain is over.
    guard !caches.tasks.store.indexed(Caches.Index.worker, pod.uid).contains(where: { !$0.isFinished }) else {
      return false
    }
    let tasks = try await client.resource(TrainingTask.self, namespace: pod.namespace)
      .list(.init(labelSelector: "\(Fleet.Label.worker)=\(pod.name)"))
    return tasks.items.contains { !$0.isFinished && $0.spec.worker.uid == pod.uid }
  }

  /// - Returns: how long to wait before the write is made, where only counts changed and the last was just now.
  private func writeStatus(_ status: WorkerPoolStatus, of pool: WorkerPool) async throws -> Duration? {
    guard status != pool.status else { return nil }
    if status.conditions == pool.status?.conditions, let wait = progress.wait(for: pool.key) { return wait }
    guard
      let patch = try StatusPatch.make(old: pool.status, new: status, resourceVersion: pool.resourceVersion)
    else { return nil }
    do {
      _ = try await client.resource(WorkerPool.self, namespace: pool.namespace)
        .patch(pool.name, patch, subresource: "status", fieldManager: Fleet.operatorName)
      progress.wrote(pool.key)
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
    return nil
  }
}

/// The cache does not show a task yet that the server has: the pool is looked at again when it does.
struct StaleCache: Error, CustomStringConvertible {
  let pod: String
  var description: String { "worker \(pod) has a task that the cache does not show yet; it is not deleted" }
}
