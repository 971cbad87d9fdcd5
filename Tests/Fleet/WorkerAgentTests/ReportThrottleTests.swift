import Basics
import FleetAPI
import KubeRuntime
import Testing
import WorkerAgent

/// The throttle in virtual time: nothing here waits.
@Suite struct ReportThrottleTests {
  private func status(_ step: Int, _ state: TaskState = .running) -> TrainingTaskStatus {
    var status = TrainingTaskStatus(state: state)
    status.step = step
    return status
  }
  private func throttle(_ seed: UInt64 = 1) -> ReportThrottle {
    ReportThrottle(
      interval: .seconds(1), backoff: Backoff(initial: .milliseconds(200), cap: .seconds(5), jitter: 0),
      random: SplitMix64(seed: seed))
  }

  @Test func nothingReportedIsNothingToDo() {
    var throttle = throttle()
    #expect(throttle.next(at: .zero) == .idle)
    #expect(throttle.isSettled)
  }

  @Test func progressIsWrittenAtMostOnceAnIntervalAndThenTheNewest() {
    var throttle = throttle()
    throttle.report(status(1), urgent: false)
    #expect(throttle.next(at: .zero) == .send(status(1)))
    throttle.succeeded()
    throttle.report(status(2), urgent: false)
    #expect(throttle.next(at: .milliseconds(10)) == .wait(until: .seconds(1)))
    throttle.report(status(3), urgent: false)
    #expect(throttle.next(at: .milliseconds(999)) == .wait(until: .seconds(1)))
    #expect(throttle.next(at: .seconds(1)) == .send(status(3)))
    throttle.succeeded()
    #expect(throttle.next(at: .seconds(9)) == .idle)
    #expect(throttle.isSettled)
  }

  @Test func anUrgentReportDoesNotWait() {
    var throttle = throttle()
    throttle.report(status(0), urgent: true)
    #expect(throttle.next(at: .zero) == .send(status(0)))
    throttle.succeeded()
    throttle.report(status(1), urgent: true)
    // Progress that comes before it is sent does not make it less urgent.
    throttle.report(status(2), urgent: false)
    #expect(throttle.next(at: .milliseconds(1)) == .send(status(2)))
  }

  @Test func oneWriteAtATime() {
    var throttle = throttle()
    throttle.report(status(0), urgent: true)
    #expect(throttle.next(at: .zero) == .send(status(0)))
    throttle.report(status(1, .succeeded), urgent: true)
    #expect(throttle.next(at: .seconds(5)) == .idle)
    #expect(!throttle.isSettled)
    throttle.succeeded()
    #expect(throttle.next(at: .seconds(5)) == .send(status(1, .succeeded)))
  }

  @Test func aFailedWriteIsTriedAgainWithLongerAndLongerWaits() {
    var throttle = throttle()
    throttle.report(status(1, .succeeded), urgent: true)
    var now = Duration.zero
    var waits: [Duration] = []
    for _ in 0..<8 {
      #expect(throttle.next(at: now) == .send(status(1, .succeeded)))
      throttle.failed(at: now)
      guard case .wait(let until) = throttle.next(at: now) else {
        Issue.record("no wait after a failure")
        return
      }
      waits.append(until - now)
      now = until
    }
    let milliseconds = waits.map { ($0 / .milliseconds(1)).rounded() }
    #expect(milliseconds == [200, 400, 800, 1600, 3200, 5000, 5000, 5000])
    #expect(throttle.next(at: now) == .send(status(1, .succeeded)))
    throttle.succeeded()
    #expect(throttle.isSettled)
  }

  @Test func theServersWaitIsKept() {
    var throttle = throttle()
    throttle.report(status(1), urgent: true)
    _ = throttle.next(at: .zero)
    throttle.failed(at: .zero, retryAfter: 7)
    throttle.report(status(2, .failed), urgent: true)
    #expect(throttle.next(at: .seconds(6)) == .wait(until: .seconds(7)))
    #expect(throttle.next(at: .seconds(7)) == .send(status(2, .failed)))
  }

  /// Whatever is reported and however writes fail: writes end, the last one written is the last one reported, progress alone is
  /// not written more than once an interval, and steps never go backwards.
  @Test(arguments: 0..<200) func whateverHappensTheLastReportIsWritten(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var throttle = throttle(seed)
    var now = Duration.zero
    var step = 0
    var written: [TrainingTaskStatus] = []
    var isUnderWay: TrainingTaskStatus?
    for _ in 0..<60 {
      now += .milliseconds(Int.random(in: 0...700, using: &random))
      if Bool.random(using: &random) {
        step += 1
        throttle.report(status(step), urgent: Int.random(in: 0..<4, using: &random) == 0)
      }
      if let sent = isUnderWay {
        isUnderWay = nil
        if Bool.random(using: &random) {
          throttle.succeeded()
          written.append(sent)
        } else {
          throttle.failed(at: now)
        }
      }
      if case .send(let next) = throttle.next(at: now) { isUnderWay = next }
    }
    throttle.report(status(step + 1, .succeeded), urgent: true)
    var turns = 0
    while !throttle.isSettled, turns < 20 {
      turns += 1
      if let sent = isUnderWay {
        throttle.succeeded()
        written.append(sent)
        isUnderWay = nil
      }
      switch throttle.next(at: now) {
      case .send(let next): isUnderWay = next
      case .wait(let until): now = until
      case .idle: break
      }
    }
    #expect(throttle.isSettled, "seed \(seed)")
    #expect(written.last == status(step + 1, .succeeded), "seed \(seed)")
    let steps = written.compactMap(\.step)
    #expect(steps == steps.sorted(), "seed \(seed)")
  }
}
