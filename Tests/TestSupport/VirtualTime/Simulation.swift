import Basics
import Synchronization

/// Runs asynchronous code on one thread, in virtual time, in an order that a seed determines.
///
/// A task executor with a run loop of its own: it runs every job that is ready, one at a time, picking at random; when none is left,
/// everything waits for time, and time jumps to the next deadline. Code under test must keep to structured tasks, or be given
/// ``Simulation`` as executor.
package final class Simulation: TaskExecutor {
  package enum Failure: Error, CustomStringConvertible {
    case stuck(at: Duration)
    case tooLong(Duration)
    package var description: String {
      switch self {
      case .stuck(let time): "nothing is ready and nobody waits for time, at \(time)"
      case .tooLong(let limit): "not over after \(limit)"
      }
    }
  }
  fileprivate struct Entry {
    var job: UnownedJob
    /// Where the job was enqueued; nil is the simulation itself.
    var process: SimulatedProcess?
  }
  private struct State {
    var ready: [Entry] = []
    var held: [Entry] = []
    var random: SplitMix64
  }
  private let state: Mutex<State>
  package let clock = VirtualClock(startingAt: .seconds(1000))

  package init(seed: UInt64) { state = Mutex(State(random: SplitMix64(seed: seed))) }

  package func enqueue(_ job: consuming ExecutorJob) { enqueue(Entry(job: UnownedJob(job))) }

  fileprivate func enqueue(_ entry: Entry) {
    state.withLock { state in
      if entry.process?.isFrozen == true { state.held.append(entry) } else { state.ready.append(entry) }
    }
  }

  /// Takes out of turn what is ready on a process that froze, or back what is held of one that thawed.
  fileprivate func sortOut() {
    state.withLock { state in
      let all = state.ready + state.held
      state.ready = all.filter { $0.process?.isFrozen != true }
      state.held = all.filter { $0.process?.isFrozen == true }
    }
  }

  private func pick() -> Entry? {
    state.withLock { state in
      guard !state.ready.isEmpty else { return nil }
      return state.ready.remove(at: Int.random(in: 0..<state.ready.count, using: &state.random))
    }
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Result<Value, any Error>?>(nil)
  }

  /// Runs `body` to its end.
  /// - Throws: what `body` throws; ``Failure`` where it waits for what cannot come, or takes longer than `limit` of virtual time.
  package func run<Value: Sendable>(
    limit: Duration = .seconds(100_000), _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let box = Box<Value>()
    let end = clock.now + limit
    Task(executorPreference: self) {
      let result: Result<Value, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      box.value.withLock { $0 = result }
    }
    while true {
      while let entry = pick() {
        let executor = entry.process?.asUnownedTaskExecutor() ?? asUnownedTaskExecutor()
        entry.job.runSynchronously(on: executor)
      }
      if let result = box.value.withLock({ $0 }) { return try result.get() }
      guard let next = clock.nextDeadline else { throw Failure.stuck(at: clock.now) }
      guard next <= end else { throw Failure.tooLong(limit) }
      clock.advance(to: next)
    }
  }
}

/// One process in a simulation: what has it as its executor can be frozen, as by SIGSTOP, and goes on when it is thawed.
/// Time passes meanwhile.
package final class SimulatedProcess: TaskExecutor {
  private let simulation: Simulation
  private let frozen = Atomic(false)

  package init(_ simulation: Simulation) { self.simulation = simulation }

  package var isFrozen: Bool { frozen.load(ordering: .relaxed) }

  package func freeze() {
    frozen.store(true, ordering: .relaxed)
    simulation.sortOut()
  }

  package func thaw() {
    frozen.store(false, ordering: .relaxed)
    simulation.sortOut()
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    simulation.enqueue(Simulation.Entry(job: UnownedJob(job), process: self))
  }
}
