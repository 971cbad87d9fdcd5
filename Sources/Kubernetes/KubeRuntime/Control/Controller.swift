import Basics
import CoreMetrics
import KubeAccess
import Logging

/// Workers that take keys from a queue and reconcile them.
///
/// What an outcome leads to: done forgets the key's failures; a requeue comes back in time; an error comes back after the queue's
/// backoff, and no earlier than the server asked; a conflict likewise, but nobody is told, as it only says that our cache is behind; a
/// ``TerminalError`` is told and not tried again before the object changes.
public struct Controller<Key: Hashable & Sendable>: Sendable {
  public let name: String
  private let concurrency: Int
  private let queue: WorkQueue<Key>
  private let clock: any RuntimeClock
  private let metrics: ControllerMetrics
  private let log: Logger
  private let executor: (any TaskExecutor)?
  private let grace: Duration
  private let reconcile: @Sendable (Key) async throws -> ReconcileResult

  /// - Parameters:
  ///   - name: the value of the metrics' `controller` label.
  ///   - concurrency: how many keys may be reconciled at a time, at least 1.
  ///   - executor: where reconciles run; nil is Swift's own pool.
  ///   - grace: how long reconciles that run may go on once ``run()`` is cancelled, before they are cancelled too.
  public init(
    name: String, concurrency: Int = 1, queue: WorkQueue<Key>, log: Logger = Logger(label: "controller"),
    clock: any RuntimeClock = .system,
    metrics: any MetricsFactory = MetricsSystem.factory, executor: (any TaskExecutor)? = nil,
    grace: Duration = .seconds(30), reconcile: @escaping @Sendable (Key) async throws -> ReconcileResult
  ) {
    self.name = name
    self.concurrency = max(1, concurrency)
    self.queue = queue
    self.clock = clock
    self.metrics = ControllerMetrics(controller: name, factory: metrics)
    var log = log
    log[metadataKey: "controller"] = "\(name)"
    self.log = log
    self.executor = executor
    self.grace = grace
    self.reconcile = reconcile
  }

  /// Works until cancelled, or until the queue is shut down and empty. None is started then, and those that run are
  /// finished; when the grace is over they are cancelled, and still waited for.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<concurrency {
        group.addTask {
          while let key = await queue.next() {
            // To cancel us must not cut a reconcile off between two writes.
            await shielded(for: grace, on: clock, executor: executor) { await work(on: key) }
          }
        }
      }
    }
  }

  private func work(on key: Key) async {
    let start = clock.now
    metrics.active.increment()
    let outcome: Result<ReconcileResult, any Error>
    do { outcome = .success(try await reconcile(key)) } catch { outcome = .failure(error) }
    settle(key, outcome)
    queue.done(key)
    metrics.active.decrement()
    metrics.time.recordNanoseconds((clock.now - start).inNanoseconds)
  }

  private func settle(_ key: Key, _ outcome: Result<ReconcileResult, any Error>) {
    switch outcome {
    case .success(.done):
      queue.forget(key)
      metrics.success.increment()
    case .success(.requeue(let delay)):
      queue.forget(key)
      queue.add(key, after: delay)
      metrics.requeueAfter.increment()
    case .failure(let error as TerminalError):
      queue.forget(key)
      metrics.error.increment()
      metrics.errors.increment()
      metrics.terminalErrors.increment()
      log.error("reconcile failed for good", metadata: ["key": "\(key)", "error": "\(error)"])
    case .failure(let error as KubeError) where error.isFenced:
      // Another leads by now, and sees to the key.
      queue.forget(key)
      log.debug("not written: we lead no more", metadata: ["key": "\(key)"])
    case .failure(let error as KubeError) where error.isConflict:
      queue.addRateLimited(key)
      metrics.requeue.increment()
      log.debug("conflict; reconciling again", metadata: ["key": "\(key)", "error": "\(error)"])
    case .failure(let error):
      let asked = (error as? KubeError)?.retryAfter.map { Duration.seconds($0) } ?? .zero
      queue.addRateLimited(key, notBefore: asked)
      metrics.error.increment()
      metrics.errors.increment()
      log.error(
        "reconcile failed; will retry",
        metadata: ["key": "\(key)", "error": "\(error)", "failures": "\(queue.failures(of: key))"])
    }
  }
}
