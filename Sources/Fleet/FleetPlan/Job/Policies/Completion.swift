import FleetAPI
import KubeTypes

/// A job is completed when the model of its attempt is registered.
enum Completion {
  static func settle(_ draft: inout JobDraft) {
    guard case .trained(let task) = draft.attempt.state else { return }
    draft.adopt(progressOf: task)
    draft.plan.status.progressPercentage = 100
    draft.plan.status.workers = 0
    draft.plan.status.model = task.status?.model
    draft.plan.status.metrics = task.status?.metrics ?? []
    draft.plan.status.completionTime = task.status?.completionTime ?? draft.now
    if draft.plan.status.startTime == nil { draft.plan.status.startTime = task.status?.startTime ?? draft.now }
    let model = draft.plan.status.model.map { ", model \($0.name) \($0.version)" } ?? ""
    let accuracy = draft.plan.status.accuracy.map { ", accuracy \($0)" } ?? ""
    // Names the workers: of a job this short their assignment may never have been told.
    let message = "trained by \(WorkerNames.phrase(draft.attempt.tasks))\(accuracy)\(model)"
    draft.set(JobCondition.admitted, .false, JobCondition.Reason.finished, "the job is over")
    draft.set(JobCondition.succeeded, .true, JobCondition.Reason.completed, message)
    draft.note(JobCondition.Reason.completed, message)
    if task.status?.reporting == nil { Delivery.setDelivered(&draft) } else { Delivery.tell(of: task, &draft) }
  }
}
