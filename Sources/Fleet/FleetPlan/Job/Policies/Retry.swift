import Basics
import FleetAPI
import KubeTypes

/// When an attempt that failed, was lost or was given back is made up for by a new one.
package enum Retry {
  /// Reason of a task whose worker is no more.
  package static let workerLost = "WorkerLost"

  package enum Verdict: Sendable, Hashable {
    case retry
    case giveUp(TaskFailure)
  }

  /// What a failure means for a job that was already restarted `restarts` times.
  package static func verdict(on failure: TaskFailure, restarts: Int, backoffLimit: Int) -> Verdict {
    guard failure.retryable else { return .giveUp(failure) }
    guard restarts < backoffLimit else {
      return .giveUp(
        TaskFailure(
          reason: JobCondition.Reason.backoffLimitExceeded,
          message: "attempt \(restarts + 1) failed, backoffLimit is \(backoffLimit); last failure: "
            + "\(failure.reason): \(failure.message)",
          retryable: false))
    }
    return .retry
  }

  /// Seconds between a failure and the attempt after it.
  package static func delay(restarts: Int) -> Double { CrashBackoff.seconds(afterFailures: restarts) }

  /// When the job's current attempt may start; nil means at once. A lost worker costs no wait: there is no
  /// completion time to count from, and the job is not to blame.
  package static func notBefore(job: TrainingJob, tasks: [TrainingTask]) -> Timestamp? {
    guard let status = job.status, status.restarts > 1,
      let last = tasks.filter({ $0.spec.attempt == status.attempt - 1 && $0.state == .failed }).first,
      let ended = last.status?.completionTime
    else { return nil }
    return ended.adding(seconds: delay(restarts: status.restarts))
  }

  /// Looks at an attempt that is over without a model, and begins the next one or gives up.
  static func settle(_ draft: inout JobDraft) {
    switch draft.attempt.state {
    case .failed(let task, let failure), .lost(let task, let failure): settle(failure, of: task, &draft)
    case .givenBack(let task):
      draft.adopt(progressOf: task)
      Delivery.tell(of: task, &draft)
      draft.beginNextAttempt()  // Given back, not failed: nothing to count.
    case .unbegun, .running, .reporting, .trained: break
    }
  }

  private static func settle(_ failure: TaskFailure, of task: TrainingTask, _ draft: inout JobDraft) {
    draft.adopt(progressOf: task)
    Delivery.tell(of: task, &draft)
    let limit = draft.job.spec.backoffLimit
    switch verdict(on: failure, restarts: draft.plan.status.restarts, backoffLimit: limit) {
    case .giveUp(let final):
      draft.fail(final)
    case .retry:
      draft.beginNextAttempt()
      draft.plan.status.restarts += 1
      draft.warn(
        "Retrying",
        "attempt \(task.spec.attempt) on \(task.spec.worker.name) failed: \(failure.reason): \(failure.message); "
          + "restart \(draft.plan.status.restarts) of at most \(limit)")
    }
  }
}
