import FleetAPI
import KubeTypes

/// Tasks that nobody needs: of an earlier job of this name, of a job on its way out, those of past attempts that can
/// never end because their worker is gone, and the finished ones of attempts long past.
///
/// The last attempt's tasks stay until their successors are there: whoever still sees the job's status from before, and no
/// task, would make that attempt's tasks again.
enum TaskRetirement {
  /// Past attempts whose tasks stay for people to look at. The last one also says when the next may begin.
  static let keptAttempts = 3

  static func plan(_ draft: inout JobDraft) {
    let job = draft.job
    let newest = draft.tasks.map(\.spec.attempt).max() ?? 0
    for task in draft.world.tasks where !task.isTerminating {
      let attempt = task.spec.attempt
      let isPast = attempt < draft.plan.status.attempt && (attempt < newest || job.isFinished)
      let isGone = !task.isFinished && !Attempt.isInHand(task, draft.world.liveWorkers)
      let isOld = task.isFinished && attempt < newest - keptAttempts
      if task.spec.jobUID != job.uid || job.isTerminating || (isPast && (isGone || isOld)) {
        draft.plan.tasks.deleted.append(task)
      } else if isPast, !task.isFinished {
        // A worker that was given up and is back after all: its task is made up for already.
        draft.plan.tasks.stop(task, .cancelled)
      }
    }
  }
}
