import FleetAPI
import KubeTypes

/// Decides what becomes of one job: no I/O, no clock, no randomness.
///
/// A job is a chain of attempts, and an attempt a set of tasks. An attempt's number stands in the job's status before any
/// task of it is made, so that whoever takes over after a crash at any write makes the same tasks under the same names and
/// counts a failure once. Each rule is a policy of its own; here stands only their order.
package enum JobPlanner {
  /// The plan for a job.
  package static func plan(_ world: JobWorld) -> JobPlan {
    var draft = JobDraft(world)
    decide(&draft)
    TaskRetirement.plan(&draft)
    return draft.plan
  }

  private static func decide(_ draft: inout JobDraft) {
    if draft.job.isTerminating { return }
    if draft.plan.status.isUnseen { draft.plan.status.conditions = [] }
    draft.plan.status.observedGeneration = draft.job.metadata.generation
    if draft.job.isFinished { return Afterlife.plan(&draft) }
    if Validity.refuses(&draft) { return }
    Completion.settle(&draft)
    Retry.settle(&draft)
    if draft.isOver { return }
    // What is trained is trained: neither the deadline nor a suspension undoes it.
    if case .reporting(let speaker) = draft.attempt.state { return Delivery.await(speaker, &draft) }
    if Deadline.ends(&draft) { return }
    if draft.job.spec.suspend { return Suspension.hold(&draft) }
    Suspension.leave(&draft)
    if draft.attempt.tasks.isEmpty { Waiting.plan(&draft) } else { Running.plan(&draft) }
  }
}
