import Basics

/// Allows a burst, then a steady rate.
struct TokenBucket: Sendable {
  private let burst: Double
  private let perSecond: Double
  private var tokens: Double
  private var filled: Duration

  init(burst: Double, perSecond: Double, at now: Duration) {
    self.burst = burst
    self.perSecond = perSecond
    tokens = burst
    filled = now
  }

  /// Takes a token; false where there is none.
  mutating func take(at now: Duration) -> Bool {
    tokens = min(burst, tokens + (now - filled).inSeconds * perSecond)
    filled = now
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}
