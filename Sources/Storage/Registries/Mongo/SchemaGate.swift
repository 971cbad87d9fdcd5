import Basics
import Mongo
import Synchronization

/// Lets calls through once the database has its indexes and is of a version that is known here. The first call sees to that and
/// others wait for it; where it fails, the next one tries again.
final class SchemaGate: Sendable {
  private typealias Waiter = Promise<Result<Void, RegistryError>>
  private enum State {
    case closed
    case opening([Waiter])
    case open
  }
  private let state = Mutex(State.closed)
  private let client: MongoClient

  init(_ client: MongoClient) { self.client = client }

  /// - Returns: whether this was the first call of the process.
  /// - Throws: as ``MongoSchema/prepare(_:)``; `cancelled` at once when the task is, whoever opens.
  @discardableResult
  func pass() async throws(RegistryError) -> Bool {
    let waiter = Waiter()
    let (isOpen, isFirst) = state.withLock { state in
      switch state {
      case .open: return (true, false)
      case .closed:
        state = .opening([waiter])
        return (false, true)
      case .opening(let others):
        state = .opening(others + [waiter])
        return (false, false)
      }
    }
    if isOpen { return false }
    // A task of its own: others wait for it too, and it goes on when this one is cancelled.
    if isFirst { Task { await open() } }
    try await withTaskCancellationHandler {
      await waiter.value
    } onCancel: {
      waiter.settle(.failure(.cancelled))
    }.get()
    return isFirst
  }

  private func open() async {
    let outcome: Result<Void, RegistryError>
    do throws(RegistryError) {
      try await MongoSchema.prepare(client)
      outcome = .success(())
    } catch { outcome = .failure(error) }
    let waiters = state.withLock { state -> [Waiter] in
      guard case .opening(let waiters) = state else { return [] }
      if case .success = outcome { state = .open } else { state = .closed }
      return waiters
    }
    for waiter in waiters { waiter.settle(outcome) }
  }
}
