/// Seconds on the monotonic clock.
enum Stopwatch {
  /// Runs `body` and returns how long it took.
  static func measure(_ body: () throws(LearningError) -> Void) throws(LearningError) -> Double {
    let start = ContinuousClock.now
    try body()
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
