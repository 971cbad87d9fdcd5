import Basics
import FleetAPI
import KubeTypes

/// A job that could run and has no worker: what it waits for.
enum Waiting {
  /// Seconds that a job waits for its turn before it is told what it waits for.
  private static let shortWait = 10.0

  static func plan(_ draft: inout JobDraft) {
    let wait = reason(&draft)
    if isShort(wait, &draft) { return }
    let before = draft.condition(JobCondition.admitted)
    draft.plan.status.workers = 0
    if draft.condition(JobCondition.specApplied)?.status == .false {
      draft.set(
        JobCondition.specApplied, .true, JobCondition.Reason.specCurrent, "the next attempt has this spec")
    }
    draft.set(JobCondition.admitted, .false, wait.reason, wait.message)
    draft.set(JobCondition.succeeded, .unknown, JobCondition.Reason.queued, wait.message)
    switch wait {
    case .poolNotFound, .poolTooSmall: if before?.message != wait.message { draft.warn(wait.reason, wait.message) }
    case .noIdleWorkers, .backingOff: break
    }
  }

  private static func reason(_ draft: inout JobDraft) -> WaitReason {
    let pool = draft.job.spec.workerPoolName
    let needed = draft.job.spec.workers.min
    guard let spec = draft.world.pool?.spec else { return .poolNotFound(pool: pool) }
    if let start = Retry.notBefore(job: draft.plannedJob, tasks: draft.tasks), start > draft.now {
      draft.plan.checkAgain(at: start)
      return .backingOff(restarts: draft.plan.status.restarts)
    }
    if spec.replicas < needed { return .poolTooSmall(pool: pool, replicas: spec.replicas, needed: needed) }
    return .noIdleWorkers(pool: pool, needed: needed)
  }

  /// A new job's turn comes soon, most often. It says Queued already, for the server filled that in: in a burst of jobs that
  /// are soon done, not to write it is one write of three.
  private static func isShort(_ wait: WaitReason, _ draft: inout JobDraft) -> Bool {
    let isNew = draft.plan.status.conditions.isEmpty && draft.plan.status.attempt == draft.job.status?.attempt ?? 0
    guard isNew, case .noIdleWorkers = wait, let made = draft.job.metadata.creationTimestamp else { return false }
    let told = made.adding(seconds: shortWait)
    guard told > draft.now else { return false }
    draft.plan.checkAgain(at: told)
    draft.plan.status = draft.job.status ?? TrainingJobStatus()
    return true
  }
}
