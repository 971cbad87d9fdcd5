import Basics
import Synchronization

/// Time that passes only when a test says so.
package final class VirtualClock: RuntimeClock {
  private struct Sleeper {
    var id: Int
    var deadline: Duration
    var wake: CheckedContinuation<Void, any Error>
  }
  private struct State {
    var now: Duration
    var sleepers: [Sleeper] = []
    var nextID = 0
  }
  private let state: Mutex<State>

  package init(startingAt now: Duration = .zero) { state = Mutex(State(now: now)) }

  package var now: Duration { state.withLock { $0.now } }
  package var wallTime: Timestamp { Timestamp(secondsSince1970: 1_800_000_000 + now.inSeconds) }
  package var sleepers: Int { state.withLock { $0.sleepers.count } }

  package func sleep(until deadline: Duration) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          if Task.isCancelled { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers.append(Sleeper(id: id, deadline: deadline, wake: continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
        return state.sleepers.remove(at: index)
      }
      sleeper?.wake.resume(throwing: CancellationError())
    }
  }

  /// Moves on by `duration` and wakes those whose time has come.
  package func advance(by duration: Duration) { advance(to: now + duration) }

  package func advance(to time: Duration) {
    let due = state.withLock { state -> [Sleeper] in
      state.now = max(state.now, time)
      let due = state.sleepers.filter { $0.deadline <= state.now }
      state.sleepers.removeAll { $0.deadline <= state.now }
      return due.sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
    }
    for sleeper in due { sleeper.wake.resume() }
  }

  /// The earliest time anybody waits for.
  package var nextDeadline: Duration? { state.withLock { $0.sleepers.map(\.deadline).min() } }
}

/// A clock that runs too fast or too slow by `rate`, and shows another time than the true one.
package struct DriftingClock: RuntimeClock {
  package let base: VirtualClock
  package let rate: Double
  package let offset: Duration

  package init(base: VirtualClock, rate: Double, offset: Duration) {
    self.base = base
    self.rate = rate
    self.offset = offset
  }

  package var now: Duration { base.now * rate + offset }
  package var wallTime: Timestamp { Timestamp(secondsSince1970: 1_700_000_000 + now.inSeconds) }
  package func sleep(until deadline: Duration) async throws {
    try await base.sleep(until: (deadline - offset) / rate + .nanoseconds(1))
  }
}
