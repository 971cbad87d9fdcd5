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
  /// Jobs whose tasks the server refuses.
  let refused = RefusedJobs()
  let validity = KnownValidity()
  let now: @Sendable () -> Timestamp
  let log: Logger

  func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
    guard let pool = caches.pools.store[key] else {
      progress.forget(key)
      writes.forget(key)
      validity.forget(key)
      return .done  // Its pods go with it: they carry owner references.
    }
    guard writes.isSettled(key) else { return .requeue(after: .milliseconds(10)) }
    return try await apply(PoolPlanner.plan(gather(pool)), to: pool)
  }

  // MARK: Gather

  private func gather(_ pool: WorkerPool) -> PoolWorld {
    let jobs = caches.jobs.store.indexed(Caches.Index.activePool, pool.key.description)
    let time = now()
    // A job that was seen was found valid, or is over.
    let unseen = jobs.lazy.filter { $0.status?.isUnseen ?? true }
    var passedOver = validity.invalid(of: pool.key, among: unseen)
    for job in jobs where refused.isResting(job.uid, at: time) { passedOver.insert(job.name) }
    return PoolWorld(
      pool: pool, pods: caches.pods.store.indexed(Caches.Index.pool, pool.key.description), jobs: jobs,
      tasks: relevantTasks(of: pool, jobs: jobs), defaults: configuration.podDefaults,
      specErrors: pool.validate().map(\.description), invalidJobs: passedOver, now: time)
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
    let width = configuration.writesAtOnce
    let tasks = TaskWriter(client: client, namespace: pool.namespace)
    var refusals = Refusals()
    if !plan.createdPods.isEmpty { await refusals.attempt { try await account.ensure(in: pool.namespace) } }
    // Who is in a group stands there before a task names that membership.
    await refusals.attemptEach(plan.tasks.groups, width: width) { try await tasks.write($0) }
    await refusals.attemptEach(plan.tasks.made, width: width) { try await make($0, of: pool, by: tasks) }
    await refusals.attemptEach(plan.tasks.regrouped, width: width) { try await tasks.regroup($0) }
    await refusals.attemptEach(plan.tasks.stopped, width: width) { try await tasks.stop($0) }
    await refusals.attemptEach(plan.drainedPods, width: width) { try await markDraining($0, of: pool) }
    await refusals.attempt { try await delete(plan.deletedPods, of: pool) }
    await refusals.attemptEach(plan.createdPods, width: width) { try await create($0, for: pool) }
    var wait: Duration?
    await refusals.attempt { wait = try await writeStatus(plan.status, of: pool) }
    for event in plan.events {
      await recorder.record(
        pool.reference, type: event.warning ? .warning : .normal, reason: event.reason, message: event.message)
    }
    try refusals.throwFirst()
    let check = plan.checkAgainAt.map { Duration.seconds(max(0.01, $0.seconds(since: now()))) }
    let delay = [wait, check].compactMap { $0 }.min()
    return delay.map { .requeue(after: $0) } ?? .done
  }

  /// Creates a task. Where the server refuses it, the job is told, and others get the worker meanwhile.
  private func make(_ task: TrainingTask, of pool: WorkerPool, by tasks: TaskWriter) async throws {
    do {
      if let made = try await tasks.make(task) { writes.expect(pool.key, created: made) }
      refused.forget(task.spec.jobUID)
    } catch {
      if error.isRefusal { refused.note(task.spec.jobUID, at: now()) }
      let key = ObjectKey(namespace: task.namespace, name: task.spec.jobName)
      if let job = caches.jobs.store[key] {
        await recorder.record(
          job.reference, type: .warning, reason: "FailedCreate", message: "task \(task.name): \(error)")
      }
      throw error
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

  /// Deletes workers, but for those that turn out to have a task.
  /// - Throws: ``StaleCache`` where there was one, after the others were deleted; the first refusal.
  private func delete(_ pods: [Pod], of pool: WorkerPool) async throws {
    let busy = try await holdersOfUnseenTasks(pods, namespace: pool.namespace)
    var refusals = Refusals()
    await refusals.attemptEach(pods.filter { !busy.contains($0.uid) }, width: configuration.writesAtOnce) { pod in
      do throws(KubeError) {
        try await client.resource(Pod.self, namespace: pod.namespace).delete(pod.name, DeleteOptions(uid: pod.uid))
        writes.expectDeletion(pool.key, of: pod)
      } catch { guard error.isNotFound || error.isConflict else { throw error } }
    }
    if let pod = pods.first(where: { busy.contains($0.uid) }) { throw StaleCache(pod: pod.name) }
    try refusals.throwFirst()
  }

  /// How many names go into one request.
  private static let namesAtOnce = 100

  /// Asks the server itself before workers go that have nothing to do, as it seems: a task that was made a moment ago, by a
  /// write whose answer was lost or by the operator before this one, may not be in the cache yet. One request for a hundred.
  private func holdersOfUnseenTasks(_ pods: [Pod], namespace: String) async throws -> Set<String> {
    let suspects = pods.filter { pod in
      // One that is known goes with its worker: the time to drain is over.
      !pod.isFinished && !caches.tasks.store.indexed(Caches.Index.worker, pod.uid).contains { !$0.isFinished }
    }
    let uids = Set(suspects.map(\.uid))
    var holders: Set<String> = []
    for begin in stride(from: 0, to: suspects.count, by: Self.namesAtOnce) {
      let names = suspects[begin..<min(begin + Self.namesAtOnce, suspects.count)].map(\.name).joined(separator: ",")
      let tasks = try await client.resource(TrainingTask.self, namespace: namespace)
        .listAll(.init(labelSelector: "\(Fleet.Label.worker) in (\(names))")).items
      for task in tasks where !task.isFinished && uids.contains(task.spec.worker.uid) {
        holders.insert(task.spec.worker.uid)
      }
    }
    return holders
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
