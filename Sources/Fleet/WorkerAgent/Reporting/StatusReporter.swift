import Basics
import FleetAPI
import KubeAccess
import KubeRuntime
import Logging

/// Writes one task's status: the shell around ``ReportThrottle``.
///
/// While the API server is away, the newest status is kept and sent when it is back.
actor StatusReporter {
  /// What became of a write.
  enum Outcome: Sendable {
    case written
    /// The task is no more, or another has its name: nothing needs to be written any more.
    case gone
    /// The server will never take this status, whatever the reason.
    case refused(KubeError)
    case failed(KubeError)
  }

  private var throttle: ReportThrottle
  private var isClosed = false
  private var isGone = false
  private var wake = Gate()
  private let write: @Sendable (TrainingTaskStatus) async -> Outcome
  private let onGone: @Sendable () -> Void
  private let clock: any RuntimeClock
  private let log: Logger

  /// - Parameter onGone: called once when a write shows that the task is gone.
  init(
    throttle: ReportThrottle, clock: any RuntimeClock, log: Logger,
    write: @escaping @Sendable (TrainingTaskStatus) async -> Outcome, onGone: @escaping @Sendable () -> Void
  ) {
    self.throttle = throttle
    self.clock = clock
    self.log = log
    self.write = write
    self.onGone = onGone
  }

  func report(_ status: TrainingTaskStatus, urgent: Bool) {
    throttle.report(status, urgent: urgent)
    wake.open()
  }

  /// Lets ``run()`` return once everything reported is written.
  func close() {
    isClosed = true
    wake.open()
  }

  /// Has ``run()`` return without writing what is not written yet: nobody waits for it any more.
  func abandon() {
    isGone = true
    wake.open()
  }

  /// Writes what is reported until closed and settled, the task is gone, or cancelled.
  func run() async {
    while !Task.isCancelled, !isGone, !(isClosed && throttle.isSettled) {
      // Taken before the state is looked at: a report that comes in between opens this gate.
      if wake.isOpen { wake = Gate() }
      switch throttle.next(at: clock.now) {
      case .send(let status): await send(status)
      case .wait(let deadline): await sleep(until: deadline)
      case .idle: if !(isClosed && throttle.isSettled) { try? await wake.wait() }
      }
    }
  }

  private func send(_ status: TrainingTaskStatus) async {
    switch await write(status) {
    case .written: throttle.succeeded()
    case .gone:
      isGone = true
      onGone()
    case .refused(let error):
      log.error("a report was refused", metadata: ["state": "\(status.state.rawValue)", "why": "\(error)"])
      if let bare = status.bareEnd, bare != status {
        // That the task is over must be known; the details are in the log.
        throttle.succeeded()
        throttle.report(bare, urgent: true)
      } else if status.isFinal {
        throttle.failed(at: clock.now)
      } else {
        throttle.succeeded()
      }
    case .failed(let error):
      if !error.isCancelled {
        log.warning(
          "a report could not be written; will retry",
          metadata: ["state": "\(status.state.rawValue)", "why": "\(error)"])
      }
      throttle.failed(at: clock.now, retryAfter: error.retryAfter)
    }
  }

  /// Sleeps until the deadline or the next report.
  private func sleep(until deadline: Duration) async {
    let wake = wake
    let clock = clock
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await clock.sleep(until: deadline) }
      group.addTask { try? await wake.wait() }
      await group.next()
      group.cancelAll()
    }
  }
}
