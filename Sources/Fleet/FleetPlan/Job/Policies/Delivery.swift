import FleetAPI
import KubeTypes

/// What the registry lacks of a job's training, in the condition `Reported`.
enum Delivery {
  /// The training is over and its worker trains others: the job waits for the registry alone.
  static func await(_ task: TrainingTask, _ draft: inout JobDraft) {
    draft.adopt(progressOf: task)
    draft.plan.status.workers = 0
    if draft.plan.status.startTime == nil { draft.plan.status.startTime = task.status?.startTime ?? draft.now }
    let worker = task.spec.worker.name
    draft.set(JobCondition.admitted, .true, JobCondition.Reason.assigned, "assigned to worker \(worker)")
    draft.set(
      JobCondition.succeeded, .unknown, JobCondition.Reason.reporting,
      "trained; the model waits on the disk of worker \(worker) for the registry")
    tell(of: task, &draft)
  }

  /// What the registry lacks of a task, and that it lacks nothing any more: a job of which there was never anything to tell
  /// has no such condition.
  static func tell(of task: TrainingTask, _ draft: inout JobDraft) {
    let known = draft.condition(JobCondition.reported)
    if let unsent = task.status?.reporting {
      if known?.reason != unsent.reason {
        draft.warn(unsent.reason, "worker \(task.spec.worker.name): \(unsent.message)")
      }
      draft.set(JobCondition.reported, .false, unsent.reason, unsent.message)
    } else if known?.status == .false, task.status != nil, task.state != .pending {
      setDelivered(&draft)
    }
  }

  static func setDelivered(_ draft: inout JobDraft) {
    draft.set(
      JobCondition.reported, .true, JobCondition.Reason.delivered, "the registry has all that the worker had to tell")
  }
}
