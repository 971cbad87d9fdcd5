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
  private struct State {
    var ready: [UnownedJob] = []
    var random: SplitMix64
  }
  private let state: Mutex<State>
  package let clock = VirtualClock(startingAt: .seconds(1000))

  package init(seed: UInt64) { state = Mutex(State(random: SplitMix64(seed: seed))) }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.ready.append(job) }
  }

  private func pick() -> UnownedJob? {
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
      while let job = pick() { job.runSynchronously(on: asUnownedTaskExecutor()) }
      if let result = box.value.withLock({ $0 }) { return try result.get() }
      guard let next = clock.nextDeadline else { throw Failure.stuck(at: clock.now) }
      guard next <= end else { throw Failure.tooLong(limit) }
      clock.advance(to: next)
    }
  }
}
