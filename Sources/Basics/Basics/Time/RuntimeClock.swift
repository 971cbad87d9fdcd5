/// Where the runtime takes its time from: the machine's clocks, or a test's virtual time.
///
/// Decisions use ``now`` alone, which never jumps; ``wallTime`` only fills the times written into objects for people
/// to read (clocks of two machines differ).
public protocol RuntimeClock: Sendable {
  /// Time passed since some fixed point in the past; never goes back.
  var now: Duration { get }
  /// The calendar's time.
  var wallTime: Timestamp { get }
  /// Returns at `deadline` or soon after, at once where it has passed.
  /// - Throws: `CancellationError` when the task is cancelled before.
  func sleep(until deadline: Duration) async throws
}

extension RuntimeClock {
  /// Sleeps for `duration` from now.
  /// - Throws: `CancellationError` when the task is cancelled before.
  public func sleep(for duration: Duration) async throws { try await sleep(until: now + duration) }
}

/// The machine's clocks. Time goes on while the machine is suspended: a lease runs out then, too.
public struct SystemClock: RuntimeClock {
  private static let origin = ContinuousClock.now

  public init() {}
  public var now: Duration { Self.origin.duration(to: .now) }
  public var wallTime: Timestamp { .now }
  public func sleep(until deadline: Duration) async throws {
    try await Task.sleep(until: Self.origin.advanced(by: deadline), clock: .continuous)
  }
}

extension RuntimeClock where Self == SystemClock {
  /// The machine's clocks.
  public static var system: SystemClock { SystemClock() }
}

extension Duration {
  /// This duration in seconds.
  public var inSeconds: Double { self / .seconds(1) }
  /// Nanoseconds, as swift-metrics timers take them.
  public var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
