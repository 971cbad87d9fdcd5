import FleetAPI
import KubeTypes

/// `spec.suspend`: workers keep a checkpoint and give the job back; resumed, it waits for its turn again.
enum Suspension {
  static func hold(_ draft: inout JobDraft) {
    draft.stopAll(.suspended)
    let wasSuspended = draft.condition(JobCondition.suspended)?.status == .true
    // The deadline counts active time only: it starts anew when the job is resumed (as batch/v1 Job has it).
    draft.plan.status.startTime = nil
    let isStopping = draft.tasks.contains { Attempt.isInHand($0, draft.world.liveWorkers) }
    if !isStopping { draft.plan.status.workers = 0 }
    let message = isStopping ? "spec.suspend is true; the worker is keeping a checkpoint" : "spec.suspend is true"
    draft.set(JobCondition.suspended, .true, JobCondition.Reason.suspended, message)
    draft.set(JobCondition.admitted, .false, JobCondition.Reason.suspended, "spec.suspend is true")
    draft.set(JobCondition.succeeded, .unknown, JobCondition.Reason.suspended, message)
    if !wasSuspended { draft.note(JobCondition.Reason.suspended, "suspended by spec.suspend") }
  }

  static func leave(_ draft: inout JobDraft) {
    guard draft.condition(JobCondition.suspended)?.status == .true else { return }
    draft.set(JobCondition.suspended, .false, JobCondition.Reason.resumed, "spec.suspend is false")
    draft.note(JobCondition.Reason.resumed, "resumed; the job is in the queue again")
  }
}
