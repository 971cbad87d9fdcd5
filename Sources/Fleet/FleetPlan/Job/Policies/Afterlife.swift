import Basics
import FleetAPI

/// A finished job: its tasks end, and so does it when `ttlSecondsAfterFinished` is over.
enum Afterlife {
  static func plan(_ draft: inout JobDraft) {
    draft.stopAll(.cancelled)
    // History that the registry could not take may come after the model.
    if let task = draft.attempt.speaker, task.isFinished { Delivery.tell(of: task, &draft) }
    guard let ttl = draft.job.spec.ttlSecondsAfterFinished, let end = draft.plan.status.completionTime else { return }
    let expiry = end.adding(seconds: Double(ttl))
    if draft.now >= expiry { draft.plan.deletesJob = true } else { draft.plan.checkAgain(at: expiry) }
  }
}
