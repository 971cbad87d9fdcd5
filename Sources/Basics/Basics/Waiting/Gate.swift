import Synchronization

/// A gate that opens once and stays open; any number of tasks may wait before it.
public final class Gate: Sendable {
  private enum State {
    case closed(waiters: [Int: CheckedContinuation<Void, any Error>], nextID: Int)
    case open
  }
  private let state = Mutex(State.closed(waiters: [:], nextID: 0))

  public init() {}

  public var isOpen: Bool { state.withLock { if case .open = $0 { true } else { false } } }

  /// Opens the gate; everyone waiting goes on.
  public func open() {
    let waiters = state.withLock { state -> [Int: CheckedContinuation<Void, any Error>] in
      guard case .closed(let waiters, _) = state else { return [:] }
      state = .open
      return waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns when the gate is open.
  /// - Throws: `CancellationError` when the task is cancelled before.
  public func wait() async throws {
    let id: Int? = state.withLock { state in
      guard case .closed(let waiters, let next) = state else { return nil }
      state = .closed(waiters: waiters, nextID: next + 1)
      return next
    }
    guard let id else { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          guard case .closed(var waiters, let next) = state else { return .success(()) }
          // Asked under the lock: a cancellation handler that ran before found no waiter to resume.
          if Task.isCancelled { return .failure(CancellationError()) }
          waiters[id] = continuation
          state = .closed(waiters: waiters, nextID: next)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
        guard case .closed(var waiters, let next) = state else { return nil }
        let waiter = waiters.removeValue(forKey: id)
        state = .closed(waiters: waiters, nextID: next)
        return waiter
      }
      waiter?.resume(throwing: CancellationError())
    }
  }
}
