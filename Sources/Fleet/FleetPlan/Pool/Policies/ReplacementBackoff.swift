import Basics
import FleetAPI
import KubeTypes

/// How soon a worker that ended by itself is replaced.
package enum ReplacementBackoff {
  /// A pod that lived this long was healthy: the count of failures in a row begins anew.
  static let healthySeconds = 600.0

  /// Failures in a row, this one counted, once `worker` has ended.
  package static func failures(of worker: Worker, now: Timestamp) -> Int {
    let end = worker.endedAt ?? now
    let start = worker.pod.metadata.creationTimestamp ?? end
    return end.seconds(since: start) >= healthySeconds ? 1 : worker.replacements + 1
  }

  /// When the ended worker may be replaced: at once the first time, then as ``CrashBackoff`` has it.
  package static func dueTime(of worker: Worker, now: Timestamp) -> Timestamp {
    let failures = failures(of: worker, now: now)
    guard let end = worker.endedAt else { return now }
    return failures > 1 ? end.adding(seconds: CrashBackoff.seconds(afterFailures: failures)) : now
  }
}
