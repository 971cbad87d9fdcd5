import Basics
import FleetAPI
import KubeRuntime

/// When a task's status is written: a pure state machine that its shell asks what to do next.
///
/// Guarantees: one write at a time; what is written is the newest status; whatever was reported last is written in the end,
/// however many writes fail; progress is written at most once an interval, an urgent report as soon as no other is under way.
package struct ReportThrottle: Sendable {
  package enum Action: Sendable, Equatable {
    case send(TrainingTaskStatus)
    /// Nothing to do before this time.
    case wait(until: Duration)
    /// Nothing to do before the next report, or the outcome of the write under way.
    case idle
  }

  private var desired: TrainingTaskStatus?
  private var isUrgent = false
  private var underWay: TrainingTaskStatus?
  private var written: TrainingTaskStatus?
  private var lastBegun: Duration?
  private var notBefore: Duration?
  private var failures = 0
  private var interval: Duration
  private let backoff: Backoff
  private var random: SplitMix64

  package init(
    interval: Duration = .seconds(1), backoff: Backoff = Backoff(initial: .milliseconds(200), cap: .seconds(5)),
    random: SplitMix64 = SplitMix64()
  ) {
    self.interval = interval
    self.backoff = backoff
    self.random = random
  }

  /// This throttle with the interval that a task asks for, where that is longer: many workers tell less often each.
  package func slowed(to seconds: Int?) -> ReportThrottle {
    var copy = self
    copy.interval = max(interval, .seconds(seconds ?? 0))
    return copy
  }

  /// True when the server has all that was reported.
  package var isSettled: Bool { underWay == nil && (desired == nil || desired == written) }

  /// Takes in a new status, in place of one not yet written.
  /// - Parameter urgent: for a change of state or the first step, not for mere progress.
  package mutating func report(_ status: TrainingTaskStatus, urgent: Bool) {
    desired = status
    isUrgent = isUrgent || urgent
  }

  /// What to do now. `.send` begins a write, whose outcome must be told by ``succeeded()`` or ``failed(at:retryAfter:)``.
  package mutating func next(at now: Duration) -> Action {
    guard underWay == nil, let desired, desired != written else { return .idle }
    if let notBefore, now < notBefore { return .wait(until: notBefore) }
    // After a failure its wait alone counts.
    if !isUrgent, failures == 0, let lastBegun, now < lastBegun + interval {
      return .wait(until: lastBegun + interval)
    }
    underWay = desired
    lastBegun = now
    isUrgent = false
    return .send(desired)
  }

  package mutating func succeeded() {
    written = underWay
    underWay = nil
    failures = 0
    notBefore = nil
  }

  /// - Parameter retryAfter: seconds that the server asked us to wait.
  package mutating func failed(at now: Duration, retryAfter: Double? = nil) {
    underWay = nil
    failures += 1
    let wait = backoff.delay(afterFailures: failures, using: &random)
    notBefore = now + max(wait, .seconds(retryAfter ?? 0))
  }
}
