import Basics
import CoreMetrics
import Synchronization

/// A queue of keys to reconcile, as client-go's `workqueue`: a key is with one worker at a time, additions before its turn
/// are folded into one, and an addition during its work brings it back afterwards.
///
/// All but ``next()`` is synchronous and may be called from anywhere. Nothing runs while nothing is due: a worker that waits
/// sleeps until the earliest delayed key.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
  public let name: String
  private let state: Mutex<Guarded>
  private let gathering: Duration
  private let backoff: Backoff
  private let clock: any RuntimeClock
  private let metrics: WorkQueueMetrics

  private struct Guarded {
    var keys = WorkQueueState<Key>()
    var random: SplitMix64
    /// Workers asleep, oldest first.
    var waiters: [(id: Int, wake: CheckedContinuation<Void, Never>)] = []
    var nextWaiter = 0
    var startTimes: [Key: Duration] = [:]
  }

  /// - Parameters:
  ///   - name: the value of the metrics' `name` label.
  ///   - gathering: for how long an addition that is not urgent waits for others of its key, so that they are one.
  ///   - backoff: the waits of ``addRateLimited(_:)``.
  public init(
    name: String, gathering: Duration = .zero, backoff: Backoff = .reconcile, clock: any RuntimeClock = .system,
    random: SplitMix64 = SplitMix64(), metrics: any MetricsFactory = MetricsSystem.factory
  ) {
    self.name = name
    self.gathering = gathering
    self.backoff = backoff
    self.clock = clock
    self.metrics = WorkQueueMetrics(name: name, factory: metrics)
    state = Mutex(Guarded(random: random))
  }

  /// Keys that are ready to be taken.
  public var depth: Int { state.withLock { $0.keys.depth } }
  /// Keys that are with a worker.
  public var inProcess: Int { state.withLock { $0.keys.inProcess } }
  /// Keys that wait for their time.
  public var delayed: Int { state.withLock { $0.keys.delayedCount } }

  /// Since when the key that is longest with a worker has been with it; nil where none is.
  public var oldestStart: Duration? { state.withLock { $0.startTimes.values.min() } }

  /// Adds a key: an urgent one now, any other when the queue's gathering time is over, counted from the first of its
  /// additions. One that waits for its turn already is not added twice.
  public func add(_ key: Key, urgent: Bool = false) {
    if urgent || gathering <= .zero { addNow(key) } else { add(key, after: gathering) }
  }

  private func addNow(_ key: Key) {
    let now = clock.now
    let wake = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.keys.add(key, at: now) else { return nil }
      added(1, state.keys.depth)
      return popWaiter(&state)
    }
    wake?.resume()
  }

  /// Adds a key after `delay`; where it is to be added earlier already, that holds. It does not keep a key from being
  /// added before.
  public func add(_ key: Key, after delay: Duration) {
    guard delay > .zero else { return addNow(key) }
    let deadline = clock.now + delay
    let wake = state.withLock { state -> CheckedContinuation<Void, Never>? in
      let before = state.keys.nextDeadline
      state.keys.add(key, at: deadline, delayed: ())
      // Those who sleep must learn of an earlier deadline.
      guard let next = state.keys.nextDeadline, next != before else { return nil }
      return popWaiter(&state)
    }
    wake?.resume()
  }

  /// Adds a key after the wait that its failures in a row ask for, and counts one more.
  public func addRateLimited(_ key: Key) { addRateLimited(key, notBefore: .zero) }

  /// As ``addRateLimited(_:)``, but no earlier than `minimum` from now.
  public func addRateLimited(_ key: Key, notBefore minimum: Duration) {
    let delay = state.withLock { state in
      let failures = state.keys.countFailure(key)
      return backoff.delay(afterFailures: failures, using: &state.random)
    }
    metrics.retries.increment()
    add(key, after: max(delay, minimum))
  }

  /// Ends the key's row of failures.
  public func forget(_ key: Key) { state.withLock { $0.keys.forget(key) } }

  /// Failures in a row that were counted for the key.
  public func failures(of key: Key) -> Int { state.withLock { $0.keys.failureCount(key) } }

  /// Waits for a key and takes it: it is the caller's until ``done(_:)``. Nil when the task is cancelled, or when the queue is
  /// shut down and empty.
  public func next() async -> Key? {
    while true {
      let step = state.withLock { state -> Step in advance(&state) }
      switch step {
      case .take(let key, let waited, let wake):
        wake?.resume()
        metrics.queueDuration.recordNanoseconds(waited.inNanoseconds)
        return key
      case .end(let wake):
        wake?.resume()
        return nil
      case .sleep(let id, let deadline): await sleep(as: id, until: deadline)
      }
    }
  }

  /// Gives a key back. Added meanwhile, it is ready again.
  public func done(_ key: Key) {
    let now = clock.now
    let wake = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let start = state.startTimes.removeValue(forKey: key) {
        metrics.workDuration.recordNanoseconds((now - start).inNanoseconds)
      }
      let before = state.keys.depth
      state.keys.done(key)
      guard state.keys.depth > before else { return nil }
      metrics.depth.record(state.keys.depth)
      return popWaiter(&state)
    }
    wake?.resume()
  }

  /// Ends the queue: nothing is added any more, delayed keys are dropped, workers get what is ready and then nil.
  public func shutDown() {
    let waiters = state.withLock { state in
      state.keys.shutDown()
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.wake.resume() }
  }

  private enum Step {
    case take(Key, waited: Duration, wake: CheckedContinuation<Void, Never>?)
    case end(wake: CheckedContinuation<Void, Never>?)
    case sleep(id: Int, until: Duration?)
  }

  private func advance(_ state: inout Guarded) -> Step {
    let now = clock.now
    let due = state.keys.addDue(at: now)
    if due > 0 { added(due, state.keys.depth) }
    // A worker that leaves takes nothing along: what it was woken for, and keeping the time, is another's now.
    if Task.isCancelled { return .end(wake: isMoreToCome(state) ? popWaiter(&state) : nil) }
    if let (key, since) = state.keys.take() {
      state.startTimes[key] = now
      metrics.depth.record(state.keys.depth)
      // Who takes a key may have been the one that kept the time for delayed ones: another must.
      return .take(key, waited: now - since, wake: isMoreToCome(state) ? popWaiter(&state) : nil)
    }
    if state.keys.isShutDown { return .end(wake: nil) }
    defer { state.nextWaiter += 1 }
    return .sleep(id: state.nextWaiter, until: state.keys.nextDeadline)
  }

  private func isMoreToCome(_ state: borrowing Guarded) -> Bool {
    state.keys.depth > 0 || state.keys.nextDeadline != nil
  }

  private func added(_ count: Int, _ depth: Int) {
    metrics.adds.increment(by: count)
    metrics.depth.record(depth)
  }

  private func popWaiter(_ state: inout Guarded) -> CheckedContinuation<Void, Never>? {
    state.waiters.isEmpty ? nil : state.waiters.removeFirst().wake
  }

  /// Sleeps until woken, cancelled, or `deadline`.
  private func sleep(as id: Int, until deadline: Duration?) async {
    guard let deadline else { return await wait(as: id) }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait(as: id) }
      group.addTask { try? await self.clock.sleep(until: deadline) }
      await group.next()
      group.cancelAll()
    }
  }

  private func wait(as id: Int) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          // What came between the look at the keys and now must not be slept through.
          if state.keys.depth > 0 || state.keys.isShutDown || Task.isCancelled { return true }
          state.waiters.append((id, continuation))
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return state.waiters.remove(at: index).wake
      }
      waiter?.resume()
    }
  }
}
