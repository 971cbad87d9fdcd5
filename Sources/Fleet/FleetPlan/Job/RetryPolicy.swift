import Basics
import FleetAPI
import KubeTypes

/// When a failed attempt is made up for by a new one.
package enum RetryPolicy {
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

  /// Seconds between a failure and the attempt after it: none for the first, then 10 s doubled each time up to five
  /// minutes (the Job controller's rule, after its first).
  package static func delay(restarts: Int) -> Double {
    restarts <= 1 ? 0 : min(300, 10 * Double(1 << min(restarts - 2, 10)))
  }

  /// When the job's current attempt may start; nil means at once. A lost worker costs no wait: there is no
  /// completion time to count from, and the job is not to blame.
  package static func notBefore(job: TrainingJob, tasks: [TrainingTask]) -> Timestamp? {
    guard let status = job.status, status.restarts > 1,
      let last = tasks.filter({ $0.spec.attempt == status.attempt - 1 && $0.state == .failed }).first,
      let ended = last.status?.completionTime
    else { return nil }
    return ended.adding(seconds: delay(restarts: status.restarts))
  }
}
