import Basics
import FleetAPI

/// `activeDeadlineSeconds`: how long a job may be active, all of its attempts together.
enum Deadline {
  /// - Returns: true where the job has run out of time.
  static func ends(_ draft: inout JobDraft) -> Bool {
    guard let seconds = draft.job.spec.activeDeadlineSeconds, !draft.job.spec.suspend,
      let deadline = time(of: draft)
    else { return false }
    guard draft.now >= deadline else {
      draft.plan.checkAgain(at: deadline)
      return false
    }
    draft.stopAll(.deadlineExceeded)
    draft.fail(
      TaskFailure(
        reason: JobCondition.Reason.deadlineExceeded,
        message: "the job was active for longer than activeDeadlineSeconds (\(seconds))", retryable: false))
    return true
  }

  /// When the job's time is over; nil where it has no end, or has not begun.
  static func time(of draft: JobDraft) -> Timestamp? {
    guard let seconds = draft.job.spec.activeDeadlineSeconds else { return nil }
    return draft.plan.status.startTime?.adding(seconds: Double(seconds))
  }
}
