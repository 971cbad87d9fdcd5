import KubeTypes
import Synchronization

/// What a subscriber of an ``Informer`` is told.
public enum InformerEvent<Object: KubeObject>: Sendable {
  /// All that the cache holds. It comes first, and again whenever changes were lost because the subscriber lagged behind:
  /// what it knew before is void.
  case content([Object])
  /// A change after that; its object may be part of the content already.
  case change(ObjectChange<Object>)
}

/// The events of an ``Informer`` for one who may come and go: each iteration is a subscription of its own, which begins
/// with the present content, once there is one, and ends with the iterator or by cancellation of its task.
///
/// A subscriber that lags holds up nobody: no more than the limit of changes wait for it, and where more come they are
/// dropped and it gets the content anew.
public struct InformerEvents<Object: KubeObject>: AsyncSequence, Sendable {
  public typealias Element = InformerEvent<Object>
  public typealias Failure = Never

  let informer: Informer<Object>
  let bufferLimit: Int

  public func makeAsyncIterator() -> Iterator { Iterator(informer, bufferLimit: bufferLimit) }

  /// One subscription.
  public final class Iterator: AsyncIteratorProtocol {
    private let informer: Informer<Object>
    private let mailbox: Mailbox<Object>
    private let registration: HandlerRegistration
    private var ready: ArraySlice<ObjectChange<Object>> = []

    init(_ informer: Informer<Object>, bufferLimit: Int) {
      let mailbox = Mailbox<Object>(limit: bufferLimit)
      self.informer = informer
      self.mailbox = mailbox
      registration = informer.onChange { mailbox.put($0) }
    }

    deinit { registration.remove() }

    /// The next event; nil when the task is cancelled.
    public func next(isolation actor: isolated (any Actor)? = #isolation) async -> InformerEvent<Object>? {
      if let change = ready.popFirst() { return .change(change) }
      do { try await informer.waitUntilSynced() } catch { return end() }
      guard let mail = await mailbox.take() else { return end() }
      switch mail {
      // Read after the mailbox takes changes in again: what comes in between is told twice, not lost.
      case .lost: return .content(informer.store.all.sorted { $0.key < $1.key })
      case .changes(let changes):
        ready = changes[...]
        return ready.popFirst().map { .change($0) }
      }
    }

    /// What ``next(isolation:)`` does, for callers without an isolation to pass.
    public func next() async -> InformerEvent<Object>? { await next(isolation: nil) }

    private func end() -> InformerEvent<Object>? {
      registration.remove()
      return nil
    }
  }
}

extension Informer {
  /// Changes from now on, beginning with what is there: see ``InformerEvents``.
  /// - Parameter bufferLimit: changes that wait for a subscriber at most.
  public func events(bufferLimit: Int = 1024) -> InformerEvents<Object> {
    InformerEvents(informer: self, bufferLimit: bufferLimit)
  }
}

/// The changes that wait for one subscriber.
private final class Mailbox<Object: KubeObject>: Sendable {
  enum Mail: Sendable {
    /// Changes have been dropped, or none was kept yet.
    case lost
    case changes([ObjectChange<Object>])
  }

  private struct State {
    var changes: [ObjectChange<Object>] = []
    var isLost = true
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = Swift.max(1, limit) }

  func put(_ change: ObjectChange<Object>) {
    let waiter = state.withLock { state in
      if state.isLost { return state.waiter.take() }
      if state.changes.count < limit {
        state.changes.append(change)
      } else {
        state.changes = []
        state.isLost = true
      }
      return state.waiter.take()
    }
    waiter?.resume()
  }

  /// Waits for what there is, and takes all of it; nil when the task is cancelled.
  func take() async -> Mail? {
    while true {
      let mail = state.withLock { state -> Mail? in
        if state.isLost {
          state.isLost = false
          return .lost
        }
        guard !state.changes.isEmpty else { return nil }
        defer { state.changes = [] }
        return .changes(state.changes)
      }
      if Task.isCancelled { return nil }
      if let mail { return mail }
      await wait()
    }
  }

  private func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.isLost || !state.changes.isEmpty || Task.isCancelled { return true }
          state.waiter = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiter.take() }?.resume()
    }
  }
}
