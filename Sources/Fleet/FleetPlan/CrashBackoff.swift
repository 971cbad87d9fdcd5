/// How long what failed by itself waits before it is tried again: a job's attempt, a worker's pod.
package enum CrashBackoff {
  /// The longest wait in seconds.
  package static let longest = 300.0

  /// Seconds after the `failures`-th failure in a row: none after the first, then 10 doubled each time up to five minutes
  /// (the rule of the Job controller and of the kubelet's `CrashLoopBackOff`, after their first).
  package static func seconds(afterFailures failures: Int) -> Double {
    failures <= 1 ? 0 : min(longest, 10 * Double(1 << min(failures - 2, 10)))
  }
}
