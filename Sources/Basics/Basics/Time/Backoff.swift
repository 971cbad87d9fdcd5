/// How long to wait after a number of failures in a row: growing by a factor up to a cap, spread by jitter so that
/// many who failed together do not come back together.
public struct Backoff: Sendable, Hashable {
  /// The wait after the first failure.
  public var initial: Duration
  public var factor: Double
  /// The longest wait, before jitter.
  public var cap: Duration
  /// The share of the wait that may be added at random: 0.1 adds up to a tenth.
  public var jitter: Double

  public init(initial: Duration, cap: Duration, factor: Double = 2, jitter: Double = 0.1) {
    self.initial = initial
    self.factor = factor
    self.cap = cap
    self.jitter = jitter
  }

  /// Retries of a reconciler: 10 ms doubling to a minute.
  public static let reconcile = Backoff(initial: .milliseconds(10), cap: .seconds(60))
  /// Reconnections of a watcher: up to the 30 s of client-go's reflector, with full jitter on top. It begins at 0.1 s, not
  /// at 0.8: a busy server ends watches that are quickly opened again, and until then a controller is blind.
  public static let watch = Backoff(initial: .milliseconds(100), cap: .seconds(30), jitter: 1)

  /// The wait after the `failures`-th failure in a row (1 is the first; below counts as 1).
  public func delay(afterFailures failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
    // Repeated multiplication rather than a power: it stops at the cap and cannot overflow.
    var wait = initial
    var step = 1
    while step < failures, wait < cap {
      wait = wait * factor
      step += 1
    }
    wait = min(wait, cap)
    guard jitter > 0 else { return wait }
    return wait + wait * Double.random(in: 0..<jitter, using: &random)
  }

  /// The wait after the `failures`-th failure in a row where somebody asked for a time: at least that, at most the cap with its
  /// jitter, so that nobody who asks can keep us for ever.
  public func delay(
    afterFailures failures: Int, atLeast asked: Duration, using random: inout some RandomNumberGenerator
  ) -> Duration {
    max(delay(afterFailures: failures, using: &random), min(asked, cap + cap * jitter))
  }
}
