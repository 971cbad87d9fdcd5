import Basics
import FleetAPI
import KubeTypes

/// How soon a worker that ended by itself is replaced.
package enum ReplacementBackoff {
  /// A pod that lived this long was healthy: the count of failures in a row begins anew.
  static let healthySeconds = 600.0
  static let longestSeconds = 300.0

  /// Failures in a row, this one counted, once `worker` has ended.
  package static func failures(of worker: Worker, now: Timestamp) -> Int {
    let end = worker.endedAt ?? now
    let start = worker.pod.metadata.creationTimestamp ?? end
    return end.seconds(since: start) >= healthySeconds ? 1 : worker.replacements + 1
  }

  /// When the ended worker may be replaced: at once the first time, then after 10 s doubled each time up to five
  /// minutes, as the kubelet does it (`CrashLoopBackOff`).
  package static func dueTime(of worker: Worker, now: Timestamp) -> Timestamp {
    let failures = failures(of: worker, now: now)
    guard failures > 1, let end = worker.endedAt else { return now }
    return end.adding(seconds: min(longestSeconds, 10 * Double(1 << min(failures - 2, 10))))
  }
}
