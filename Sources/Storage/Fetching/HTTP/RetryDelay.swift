/// How long to wait before the next attempt: twice as long each time, with full jitter, so that many workers that failed
/// together do not come back together.
struct RetryDelay {
  let base: Double
  let longest: Double
  private var failures = 0

  init(base: Duration, longest: Duration) {
    self.base = base / .seconds(1)
    self.longest = longest / .seconds(1)
  }

  /// Starts again from the shortest wait.
  mutating func reset() { failures = 0 }

  /// Seconds to wait after one more failure; at least what the server asked for, up to the longest.
  mutating func next(atLeast asked: Double) -> Double {
    let ceiling = min(longest, base * Double(1 << min(failures, 20)))
    failures += 1
    return min(longest, max(asked, Double.random(in: 0...1) * ceiling))
  }
}
