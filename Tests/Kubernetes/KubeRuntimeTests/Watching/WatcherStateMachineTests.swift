import Basics
import KubeAccess
import KubeTypes
import Testing

@testable import KubeRuntime

@Suite struct WatcherStateMachineTests {
  typealias Machine = WatcherStateMachine

  /// A machine that watches from version 5.
  private func watching(opened: Bool = true) -> Machine {
    var machine = Machine(backoff: Backoff(initial: .seconds(1), cap: .seconds(8), jitter: 0), random: .init(seed: 3))
    _ = machine.start()
    _ = machine.pageArrived(continue: nil, resourceVersion: "5")
    if opened { machine.watchOpened() }
    return machine
  }

  private func version(_ action: Machine.Action) -> String? {
    if case .watch(let request) = action { request.resourceVersion } else { nil }
  }

  @Test func `lists in pages, then watches from the list's version`() {
    var machine = Machine()
    #expect(machine.start() == .list(continue: nil))
    #expect(machine.pageArrived(continue: "a", resourceVersion: "5") == .list(continue: "a"))
    #expect(machine.pageArrived(continue: "b", resourceVersion: "5") == .list(continue: "b"))
    #expect(version(machine.pageArrived(continue: "", resourceVersion: "5")) == "5")
    #expect(machine.state == .opening(resourceVersion: "5"))
    machine.watchOpened()
    #expect(machine.state == .watching(resourceVersion: "5"))
    #expect(machine.isInContact)
  }

  @Test func `asks the server to end watches between 240 and 300 seconds, and waits 30 longer`() {
    var random = SplitMix64(seed: 1)
    var seen: Set<Int> = []
    for _ in 0..<300 {
      var machine = Machine(random: SplitMix64(seed: random.next()))
      _ = machine.start()
      guard case .watch(let request) = machine.pageArrived(continue: nil, resourceVersion: "1") else {
        Issue.record("no watch")
        continue
      }
      #expect((240...300).contains(request.timeoutSeconds))
      #expect(request.idleTimeout == .seconds(request.timeoutSeconds + 30))
      seen.insert(request.timeoutSeconds)
    }
    #expect(seen.count > 30)
  }

  @Test(arguments: [["7"], ["7", "8", "8"], ["", "9", ""]])
  func `resumes an ended watch from the last version seen, bookmarks included`(versions: [String]) {
    var machine = watching()
    for version in versions { machine.progressed(to: version) }
    #expect(version(machine.watchEnded(after: .seconds(270))) == versions.last { !$0.isEmpty })
  }

  @Test func `resumes an ended watch without events from the list's version`() {
    var machine = watching()
    #expect(version(machine.watchEnded(after: .seconds(270))) == "5")
  }

  @Test func `a watch that is ended soon but brought something is resumed without a wait`() {
    var machine = watching()
    machine.progressed(to: "12")
    #expect(version(machine.watchEnded(after: .milliseconds(5))) == "12")
  }

  @Test func `a server that ends each watch at once is asked less and less often`() {
    var machine = watching()
    var waits: [Duration] = []
    for _ in 0..<5 {
      guard case .wait(let wait, _) = machine.watchEnded(after: .milliseconds(3)) else { break }
      waits.append(wait)
      #expect(version(machine.waited()) == "5")
      machine.watchOpened()
    }
    #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8)])
  }

  @Test(arguments: [true, false])
  func `a 410 leads to a new list at once, opened or not`(opened: Bool) {
    var machine = watching(opened: opened)
    #expect(machine.watchFailed(.gone) == .list(continue: nil))
  }

  @Test func `a 410 right after the list it led to waits`() {
    var machine = watching()
    #expect(machine.watchFailed(.gone) == .list(continue: nil))
    _ = machine.pageArrived(continue: nil, resourceVersion: "9")
    #expect(machine.watchFailed(.gone) == .wait(.seconds(1), notice: .gone))
    #expect(machine.waited() == .list(continue: nil))
    _ = machine.pageArrived(continue: nil, resourceVersion: "9")
    machine.watchOpened()
    machine.progressed(to: "10")
    #expect(machine.watchFailed(.gone) == .list(continue: nil), "news in between makes it a first one again")
  }

  @Test(arguments: [WatchProblem.failed("broken"), .silent, .denied("no"), .notServed, .throttled(retryAfter: 0)])
  func `any other failure resumes after a wait, without a list`(problem: WatchProblem) {
    var machine = watching()
    machine.progressed(to: "6")
    guard case .wait = machine.watchFailed(problem) else {
      Issue.record("no wait")
      return
    }
    #expect(!machine.isInContact)
    #expect(version(machine.waited()) == "6")
  }

  @Test func `a failed list begins anew after a wait that grows until contact`() {
    var machine = watching()
    _ = machine.watchFailed(.gone)
    #expect(machine.listFailed(.failed("x")) == .wait(.seconds(1), notice: .failed("x")))
    #expect(machine.waited() == .list(continue: nil))
    #expect(machine.listFailed(.failed("x")) == .wait(.seconds(2), notice: nil))
    _ = machine.waited()
    _ = machine.pageArrived(continue: nil, resourceVersion: "9")
    #expect(machine.watchFailed(.failed("x")) == .wait(.seconds(1), notice: .failed("x")))
  }

  @Test func `an expired page token starts the list again, once without a wait`() {
    var machine = Machine()
    _ = machine.start()
    _ = machine.pageArrived(continue: "a", resourceVersion: "5")
    #expect(machine.listFailed(.gone) == .list(continue: nil))
    _ = machine.pageArrived(continue: "b", resourceVersion: "6")
    guard case .wait = machine.listFailed(.gone) else {
      Issue.record("no wait")
      return
    }
    #expect(machine.waited() == .list(continue: nil))
  }

  @Test func `a list without a version is a failure, not a watch from nowhere`() {
    var machine = Machine()
    _ = machine.start()
    guard case .wait = machine.pageArrived(continue: nil, resourceVersion: nil) else {
      Issue.record("no wait")
      return
    }
  }

  @Test func `Retry-After is honoured and spread by up to a second`() {
    var machine = watching()
    guard case .wait(let wait, _) = machine.watchFailed(.throttled(retryAfter: 20)) else {
      Issue.record("no wait")
      return
    }
    #expect(wait >= .seconds(20) && wait <= .seconds(21))
  }

  @Test func `a problem is told once, another kind of problem again`() {
    var machine = watching()
    let problems: [WatchProblem] = [.notServed, .notServed, .denied("a"), .denied("b"), .failed("x"), .notServed]
    var told: [WatchProblem] = []
    for problem in problems {
      if case .wait(_, let notice?) = machine.watchFailed(problem) { told.append(notice) }
      _ = machine.waited()
    }
    #expect(told == [.notServed, .denied("a"), .failed("x"), .notServed])
  }
}

@Suite struct WatchProblemTests {
  static let cases: [(KubeError, WatchProblem)] = [
    (.api(status: Status(code: 410), httpStatus: 410, retryAfter: nil), .gone),
    (.api(status: Status(reason: .expired), httpStatus: 400, retryAfter: nil), .gone),
    (.api(status: Status(), httpStatus: 404, retryAfter: nil), .notServed),
    (.api(status: Status(), httpStatus: 429, retryAfter: 7), .throttled(retryAfter: 7)),
    (.api(status: Status(), httpStatus: 429, retryAfter: nil), .throttled(retryAfter: 1)),
    (.api(status: Status(), httpStatus: 503, retryAfter: 3), .throttled(retryAfter: 3)),
    (.decoding("x"), .failed("the API server's answer cannot be read: x")),
  ]

  @Test(arguments: cases) func `answers sort into kinds`(error: KubeError, expected: WatchProblem) {
    #expect(WatchProblem(error) == expected)
  }

  @Test func `an ERROR event of code 410 is the same as the HTTP status`() {
    #expect(WatchProblem(Status(message: "too old", reason: .expired, code: 410)) == .gone)
    #expect(WatchProblem(Status(message: "boom", reason: .internalError, code: 500)) == .failed("boom"))
  }

  @Test(arguments: [401, 403]) func `refusals say what the server said`(code: Int) {
    let problem = WatchProblem(
      KubeError.api(status: Status(message: "pods is forbidden"), httpStatus: code, retryAfter: nil))
    guard case .denied(let text) = problem else {
      Issue.record("\(problem)")
      return
    }
    #expect(text.contains("pods is forbidden"))
  }
}
