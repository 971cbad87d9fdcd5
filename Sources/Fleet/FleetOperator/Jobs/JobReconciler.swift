import Basics
import FleetAPI
import FleetPlan
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

/// Keeps one job's status, its tasks' ends and its own end as ``JobPlanner`` decides.
struct JobReconciler: Sendable {
  let client: KubeClient
  let caches: Caches
  let configuration: OperatorConfiguration
  let recorder: EventRecorder
  /// The job's own status writes.
  let writes: OwnWrites<ObjectKey>
  let progress: ProgressThrottle
  let now: @Sendable () -> Timestamp
  let log: Logger

  func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
    guard let job = caches.jobs.store[key] else {
      progress.forget(key)
      try await deleteTasksOfMissingJob(key)
      return .done
    }
    guard writes.isSettled(key) else { return .requeue(after: .milliseconds(20)) }
    let plan = JobPlanner.plan(try await gather(job))
    return try await apply(plan, to: job)
  }

  // MARK: Gather

  private func gather(_ job: TrainingJob) async throws -> JobWorld {
    var tasks: [TrainingTask] = []
    var live = Set<String>()
    for cached in caches.tasks.store.indexed(Caches.Index.job, job.key.description).sorted(by: { $0.name < $1.name }) {
      let worker = cached.spec.worker
      let pod = caches.pods.store[ObjectKey(namespace: cached.namespace, name: worker.name)]
      if let pod, pod.uid == worker.uid, !pod.isFinished {
        live.insert(worker.uid)
        tasks.append(cached)
      } else if cached.isFinished || cached.spec.jobUID != job.uid
        || cached.spec.attempt < job.status?.attempt ?? 0
      {
        tasks.append(cached)
      } else if let task = try await confirmLoss(of: cached, live: &live) {
        tasks.append(task)
      }
    }
    let pool = caches.pools.store[job.poolKey]
    return JobWorld(
      job: job, tasks: tasks, pool: pool, liveWorkers: live, specFailure: TaskFailure(invalidSpec: job.validate()),
      now: now())
  }

  /// Asks the server itself about a task whose worker seems to be gone. The watches of pods and of tasks are not in step:
  /// the end of a worker may be seen before the success it reported just before, or a task before the pod it is for.
  /// - Returns: the task as it is; nil where there is none any more.
  private func confirmLoss(of task: TrainingTask, live: inout Set<String>) async throws -> TrainingTask? {
    let worker = task.spec.worker
    do {
      let pod = try await client.resource(Pod.self, namespace: task.namespace).get(worker.name)
      if pod.uid == worker.uid, !pod.isFinished { live.insert(worker.uid) }
    } catch { guard error.isNotFound else { throw error } }
    // After the pod: what the worker wrote, it wrote before its pod ended.
    do {
      let fresh = try await client.resource(TrainingTask.self, namespace: task.namespace).get(task.name)
      return fresh.uid == task.uid ? fresh : nil
    } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }

  // MARK: Apply

  private func apply(_ plan: JobPlan, to job: TrainingJob) async throws -> ReconcileResult {
    var delay = plan.checkAgainAt.map { Duration.seconds(max(0.01, $0.seconds(since: now()))) }
    let tasks = TaskWriter(client: client, namespace: job.namespace)
    var refusals = Refusals()
    await refusals.attemptEach(plan.tasks.stopped, width: configuration.writesAtOnce) { try await tasks.stop($0) }
    if plan.deletesJob {
      await refusals.attempt { try await deleteExpired(job) }
      try refusals.throwFirst()
      return .done
    }
    let isTold = await refusals.attempt {
      if let wait = try await writeStatus(plan.status, of: job) { delay = delay.map { min($0, wait) } ?? wait }
    }
    if isTold {
      // Not before the status is written: it says that the attempt is over and counted. A task that is gone without that
      // would be made again, and its failure never counted.
      await refusals.attemptEach(plan.tasks.deleted, width: configuration.writesAtOnce) { try await tasks.delete($0) }
      for event in plan.events {
        await recorder.record(
          job.reference, type: event.warning ? .warning : .normal, reason: event.reason, message: event.message)
      }
    }
    try refusals.throwFirst()
    return delay.map { .requeue(after: $0) } ?? .done
  }

  /// - Returns: how long to wait before the write is made, where it is only progress and came too soon.
  private func writeStatus(_ status: TrainingJobStatus, of job: TrainingJob) async throws -> Duration? {
    guard status != job.status else { return nil }
    if status.differsOnlyInProgress(from: job.status), let wait = progress.wait(for: job.key) { return wait }
    guard
      let patch = try StatusPatch.make(old: job.status, new: status, resourceVersion: job.resourceVersion)
    else { return nil }
    do {
      let written = try await client.resource(TrainingJob.self, namespace: job.namespace)
        .patch(job.name, patch, subresource: "status", fieldManager: Fleet.operatorName)
      writes.expect(job.key, updated: written)
      progress.wrote(job.key)
    } catch {
      guard error.isNotFound else { throw error }
    }
    return nil
  }

  private func deleteExpired(_ job: TrainingJob) async throws {
    do {
      try await client.resource(TrainingJob.self, namespace: job.namespace)
        .delete(job.name, DeleteOptions(uid: job.uid, propagation: .background))
      log.info("deleted a finished job: its ttlSecondsAfterFinished is over", metadata: ["job": "\(job.key)"])
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
  }

  /// A deleted job's workers are freed at once: garbage collection would come to its tasks only later.
  private func deleteTasksOfMissingJob(_ key: ObjectKey) async throws {
    let tasks = TaskWriter(client: client, namespace: key.namespace)
    let left = caches.tasks.store.indexed(Caches.Index.job, key.description).filter { !$0.isTerminating }
      .sorted { $0.name < $1.name }
    var refusals = Refusals()
    await refusals.attemptEach(left, width: configuration.writesAtOnce) { try await tasks.delete($0) }
    try refusals.throwFirst()
  }
}

extension TrainingJobStatus {
  /// True where all that changed are numbers that move while a job trains.
  func differsOnlyInProgress(from old: TrainingJobStatus?) -> Bool {
    guard var copy = old else { return false }
    copy.progressPercentage = progressPercentage
    copy.epoch = epoch
    copy.loss = loss
    copy.accuracy = accuracy
    return copy == self
  }
}
