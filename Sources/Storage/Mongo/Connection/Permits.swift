import Basics
import Synchronization

/// A number of permits that tasks wait for in turn without holding a thread.
final class Permits: Sendable {
  private struct State {
    var free: Int
    /// Those who wait, the longest first; whoever gave up is among them still, and is passed over.
    var waiting: [Promise<Outcome>] = []
  }
  private enum Outcome: Sendable { case granted, cancelled, timedOut }
  private let state: Mutex<State>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    state = Mutex(State(free: count))
  }

  /// Takes a permit, which ``release()`` gives back.
  /// - Throws: `cancelled`, or `timeout` where none came free in time.
  func acquire(within limit: Duration) async throws(MongoError) {
    if Task.isCancelled { throw .cancelled }
    let waiter: Promise<Outcome>? = state.withLock { state in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      let waiter = Promise<Outcome>()
      state.waiting.append(waiter)
      return waiter
    }
    guard let waiter else { return }
    let alarm = Task {
      try await Task.sleep(for: limit)
      waiter.settle(.timedOut)
    }
    defer { alarm.cancel() }
    switch await withTaskCancellationHandler(
      operation: { await waiter.value }, onCancel: { waiter.settle(.cancelled) })
    {
    case .granted: return
    case .cancelled: throw .cancelled
    case .timedOut:
      throw MongoError(.timeout, "all \(count) connections to MongoDB were in use for \(limit)")
    }
  }

  func release() {
    while true {
      let next: Promise<Outcome>? = state.withLock { state in
        if state.waiting.isEmpty {
          state.free += 1
          return nil
        }
        return state.waiting.removeFirst()
      }
      guard let next, !next.settle(.granted) else { return }
    }
  }
}
