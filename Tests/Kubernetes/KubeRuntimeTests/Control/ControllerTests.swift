import Basics
import KubeAccess
import KubeTypes
import Logging
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct ControllerTests {
  struct Plain: Error {}

  final class Recorder: Sendable {
    let times = Mutex<[Duration]>([])
    let finished = Mutex(0)
    let lines = Mutex<[(Logger.Level, String)]>([])
    var all: [Duration] { times.withLock { $0 } }
  }

  /// Lets the reconciler of one key answer by `script`, one entry a call, and returns when the calls were made.
  private func run(
    _ script: [Result<ReconcileResult, any Error>], seed: UInt64 = 1, _ recorder: Recorder = Recorder(),
    registry: PrometheusRegistry = PrometheusRegistry()
  ) throws -> [Duration] {
    let simulation = Simulation(seed: seed)
    let clock = simulation.clock
    let start = clock.now
    let queue = WorkQueue<String>(
      name: "test", backoff: Backoff(initial: .seconds(1), cap: .seconds(60), jitter: 0), clock: clock,
      metrics: registry)
    let log = Logger(label: "test") { _ in RecordingLog(recorder: recorder) }
    let controller = Controller<String>(
      name: "test", queue: queue, log: log, clock: clock, metrics: registry, executor: simulation
    ) { _ in
      let call = recorder.times.withLock { times in
        times.append(clock.now - start)
        return times.count - 1
      }
      guard call < script.count else { return .done }
      return try script[call].get()
    }
    try simulation.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await controller.run() }
        queue.add("a")
        try await clock.sleep(for: .seconds(1000))
        group.cancelAll()
      }
    }
    return recorder.all
  }

  struct RecordingLog: LogHandler {
    let recorder: Recorder
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      recorder.lines.withLock { $0.append((event.level, "\(event.message)")) }
    }
  }

  static let conflict = KubeError.api(status: Status(reason: .conflict), httpStatus: 409, retryAfter: nil)

  @Test func `done is done`() throws {
    #expect(try run([.success(.done)]) == [.zero])
  }

  @Test func `a requeue comes back in time`() throws {
    #expect(try run([.success(.requeue(after: .seconds(40))), .success(.done)]) == [.zero, .seconds(40)])
  }

  @Test func `errors come back later and later, and success starts over`() throws {
    let times = try run([
      .failure(Plain()), .failure(Plain()), .failure(Plain()), .success(.requeue(after: .seconds(10))),
      .failure(Plain()), .success(.done),
    ])
    #expect(times == [0, 1, 3, 7, 17, 18].map { .seconds($0) })
  }

  @Test func `an error does not come back before the server's Retry-After`() throws {
    let busy = KubeError.api(status: Status(), httpStatus: 429, retryAfter: 25)
    #expect(try run([.failure(busy), .success(.done)]) == [.zero, .seconds(25)])
  }

  @Test func `a write that was fenced is not tried again and troubles nobody`() throws {
    let recorder = Recorder()
    #expect(try run([.failure(KubeError.transport(.fenced))], recorder) == [.zero])
    #expect(recorder.lines.withLock { $0.allSatisfy { $0.0 == .debug } })
  }

  @Test(arguments: [false, true])
  func `a reconcile that runs when we are cancelled may end, but not take for ever`(hangs: Bool) throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let start = clock.now
    let queue = WorkQueue<String>(name: "test", clock: clock, metrics: PrometheusRegistry())
    let recorder = Recorder()
    let controller = Controller<String>(
      name: "test", queue: queue, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: clock,
      metrics: PrometheusRegistry(), executor: simulation, grace: .seconds(10)
    ) { _ in
      do { try await clock.sleep(for: .seconds(hangs ? 1000 : 8)) } catch {
        recorder.times.withLock { $0.append(clock.now - start) }
        throw error
      }
      recorder.finished.withLock { $0 += 1 }
      return .done
    }
    try simulation.run {
      let run = Task(executorPreference: simulation) { await controller.run() }
      queue.add("a")
      try await clock.sleep(for: .seconds(1))
      run.cancel()
      await run.value
    }
    #expect(recorder.finished.withLock { $0 } == (hangs ? 0 : 1))
    #expect(recorder.all == (hangs ? [.seconds(11)] : []))
    #expect(clock.now - start == (hangs ? .seconds(11) : .seconds(8)))
  }

  @Test func `a terminal error is told and not tried again`() throws {
    let recorder = Recorder()
    #expect(try run([.failure(TerminalError("no such algorithm"))], recorder) == [.zero])
    #expect(recorder.lines.withLock { $0.contains { $0.0 == .error } })
  }

  @Test func `a conflict is tried again and nobody is told`() throws {
    let recorder = Recorder()
    let times = try run([.failure(Self.conflict), .success(.done)], recorder)
    #expect(times == [.zero, .seconds(1)])
    #expect(recorder.lines.withLock { $0.allSatisfy { $0.0 < .info } })
  }

  @Test func `results are counted under the names of controller-runtime`() throws {
    let registry = PrometheusRegistry()
    _ = try run(
      [
        .failure(Plain()), .failure(Self.conflict), .success(.requeue(after: .seconds(1))),
        .failure(TerminalError("x")),
      ],
      registry: registry)
    let text = registry.render()
    for line in [
      "controller_runtime_reconcile_total{controller=\"test\",result=\"error\"} 2",
      "controller_runtime_reconcile_total{controller=\"test\",result=\"requeue\"} 1",
      "controller_runtime_reconcile_total{controller=\"test\",result=\"requeue_after\"} 1",
      "controller_runtime_reconcile_errors_total{controller=\"test\"} 2",
      "controller_runtime_terminal_reconcile_errors_total{controller=\"test\"} 1",
      "controller_runtime_reconcile_time_seconds_count{controller=\"test\"} 4",
      "workqueue_adds_total{name=\"test\"} 4", "workqueue_retries_total{name=\"test\"} 2",
      "workqueue_depth{name=\"test\"} 0", "workqueue_work_duration_seconds_count{name=\"test\"} 4",
    ] { #expect(text.contains(line + "\n"), "\(line) is not in:\n\(text)") }
  }

  @Test func `cancelling finishes what runs and starts nothing`() throws {
    let simulation = Simulation(seed: 5)
    let clock = simulation.clock
    let queue = WorkQueue<Int>(name: "test", clock: clock)
    let started = Mutex(0)
    let recorder = Recorder()
    let begun = Recorder()
    _ = started
    let controller = Controller<Int>(
      name: "test", concurrency: 2, queue: queue, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      clock: clock, executor: simulation
    ) { _ in
      begun.finished.withLock { $0 += 1 }
      try await clock.sleep(for: .seconds(10))
      try Task.checkCancellation()
      recorder.finished.withLock { $0 += 1 }
      return .done
    }
    let end = try simulation.run {
      for key in 0..<6 { queue.add(key) }
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await controller.run() }
        try? await clock.sleep(for: .seconds(5))
        group.cancelAll()
      }
      return clock.now
    }
    #expect(begun.finished.withLock { $0 } == 2)
    #expect(recorder.finished.withLock { $0 } == 2, "not cut off in the middle")
    #expect(end == .seconds(1010))
    #expect(queue.depth == 4)
  }

  @Test func `as many keys as allowed are reconciled at a time`() throws {
    try forEachSeed(20) { seed in
      let simulation = Simulation(seed: seed)
      let clock = simulation.clock
      let queue = WorkQueue<Int>(name: "test", clock: clock)
      final class Gauge: Sendable { let value = Mutex((now: 0, most: 0)) }
      let gauge = Gauge()
      let controller = Controller<Int>(
        name: "test", concurrency: 3, queue: queue, log: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() },
        clock: clock, executor: simulation
      ) { _ in
        gauge.value.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        try await clock.sleep(for: .seconds(1))
        gauge.value.withLock { $0.now -= 1 }
        return .done
      }
      try simulation.run {
        for key in 0..<12 { queue.add(key) }
        queue.shutDown()
        await controller.run()
      }
      #expect(gauge.value.withLock { $0.most } == 3, "seed \(seed)")
      #expect(clock.now == .seconds(1004), "seed \(seed)")
    }
  }
}
