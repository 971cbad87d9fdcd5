import Basics
import FleetPlan
import Synchronization

/// Jobs whose tasks the server refused to make: each rests a while, so that one job that a policy or a quota forbids does not
/// take its turn again and again before the others. Only in memory: after a restart each is tried once more.
final class RefusedJobs: Sendable {
  private struct Refusal {
    var count: Int
    var until: Timestamp
  }
  private let jobs = Mutex<[String: Refusal]>([:])
  /// Jobs remembered at most: the one whose rest is over first is forgotten for another.
  private static let most = 1_000

  /// Notes one more refusal of the job with this UID: it rests 10 s, doubled each time up to five minutes.
  func note(_ uid: String, at now: Timestamp) {
    jobs.withLock { jobs in
      let count = (jobs[uid]?.count ?? 0) + 1
      jobs[uid] = Refusal(
        count: count, until: now.adding(seconds: CrashBackoff.seconds(afterFailures: count + 1)))
      if jobs.count > Self.most, let first = jobs.min(by: { $0.value.until < $1.value.until })?.key {
        jobs[first] = nil
      }
    }
  }

  func forget(_ uid: String) { jobs.withLock { $0[uid] = nil } }

  /// Whether the job is to be passed over now.
  func isResting(_ uid: String, at now: Timestamp) -> Bool {
    jobs.withLock { jobs in jobs.isEmpty ? false : jobs[uid].map { $0.until > now } ?? false }
  }
}
