import Synchronization

/// A value that comes once and that several may give: the first counts. Any number of tasks may wait for it, cancelled ones too:
/// whoever wants a cancellation to end the wait gives it as a value.
public final class Promise<Value: Sendable>: Sendable {
  private enum State {
    case waiting([CheckedContinuation<Value, Never>])
    case settled(Value)
  }
  private let state = Mutex(State.waiting([]))

  public init() {}

  /// Gives the value.
  /// - Returns: false where another was first: `value` is the caller's still.
  @discardableResult
  public func settle(_ value: Value) -> Bool {
    let waiters = state.withLock { state -> [CheckedContinuation<Value, Never>]? in
      guard case .waiting(let waiters) = state else { return nil }
      state = .settled(value)
      return waiters
    }
    for waiter in waiters ?? [] { waiter.resume(returning: value) }
    return waiters != nil
  }

  /// The value, once it is there.
  public var value: Value {
    get async {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> Value? in
          switch state {
          case .settled(let value): return value
          case .waiting(let waiters):
            state = .waiting(waiters + [continuation])
            return nil
          }
        }
        if let known { continuation.resume(returning: known) }
      }
    }
  }
}
