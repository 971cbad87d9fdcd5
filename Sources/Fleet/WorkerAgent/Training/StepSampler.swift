/// Which steps within an epoch get a point in the history: enough for a curve, few enough to be kept for years.
///
/// One when another percent of the training is done and 20 ms have passed; in a long one also each second in which a
/// thousandth was done. That is a thousand at most.
package struct StepSampler: Sendable {
  private var fraction: Double
  private var time: Duration

  /// - Parameters:
  ///   - fraction: the share of the training that is done, 0 to 1, when it begins or goes on.
  ///   - time: when that is.
  package init(fraction: Double, at time: Duration) {
    self.fraction = fraction
    self.time = time
  }

  /// True where the step that was just made is to be kept.
  package mutating func isDue(fraction: Double, at now: Duration) -> Bool {
    let (share, rest) = (fraction - self.fraction, now - time)
    guard (share >= 0.01 && rest >= .milliseconds(20)) || (share >= 0.001 && rest >= .seconds(1)) else { return false }
    self.fraction = fraction
    time = now
    return true
  }
}
