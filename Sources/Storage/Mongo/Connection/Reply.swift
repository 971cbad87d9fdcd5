import Synchronization

/// One value that a task waits for and that several may give: the first counts. What a thread of our own works on is given
/// here, and a cancellation, which then is the first.
package final class Reply<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, Never>)
    case settled(Value)
    case taken
  }
  private let state = Mutex(State.open)

  package init() {}

  /// - Returns: false where another was first: `value` is the caller's still.
  @discardableResult
  package func settle(_ value: Value) -> Bool {
    let (waiter, isFirst) = state.withLock { state -> (CheckedContinuation<Value, Never>?, Bool) in
      switch state {
      case .open:
        state = .settled(value)
        return (nil, true)
      case .awaited(let continuation):
        state = .taken
        return (continuation, true)
      case .settled, .taken: return (nil, false)
      }
    }
    waiter?.resume(returning: value)
    return isFirst
  }

  /// The value; to be called once.
  package func value() async -> Value {
    await withCheckedContinuation { continuation in
      let settled = state.withLock { state -> Value? in
        if case .settled(let value) = state {
          state = .taken
          return value
        }
        state = .awaited(continuation)
        return nil
      }
      if let settled { continuation.resume(returning: settled) }
    }
  }
}
