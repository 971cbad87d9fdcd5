import FleetAPI
import KubeTypes

/// An attempt that workers have in hand: how far it is, and with whom.
///
/// A task that was told to stop while the job was suspended goes on stopping: its end makes the next attempt.
enum Running {
  static func plan(_ draft: inout JobDraft) {
    let attempt = draft.attempt
    guard let speaker = attempt.speaker else { return }
    let wasAdmitted = draft.condition(JobCondition.admitted)?.status == .true
    // A status that is behind its tasks may name an attempt that nobody has in hand any more: the next look settles it.
    let members = attempt.inHand.isEmpty ? [speaker] : attempt.inHand
    draft.adopt(progressOf: speaker)
    draft.plan.status.workers = members.count
    if draft.plan.status.startTime == nil { draft.plan.status.startTime = draft.now }
    if let deadline = Deadline.time(of: draft) { draft.plan.checkAgain(at: deadline) }
    let workers = WorkerNames.phrase(members)
    draft.set(JobCondition.admitted, .true, JobCondition.Reason.assigned, "assigned to \(workers)")
    draft.set(
      JobCondition.succeeded, .unknown, JobCondition.Reason.running, "attempt \(attempt.number) on \(workers)")
    if !wasAdmitted { draft.note("Admitted", "attempt \(attempt.number) is on \(workers)") }
    Delivery.tell(of: speaker, &draft)
    SpecDrift.tell(of: speaker, &draft)
  }
}
