import KubeRuntime
import KubeTypes
import Synchronization

/// The queues that are worked on in the present term of leadership.
final class WorkInHand: Sendable {
  private let queues = Mutex<[WorkQueue<ObjectKey>]>([])

  func begin(_ queues: [WorkQueue<ObjectKey>]) { self.queues.withLock { $0 = queues } }
  func end() { queues.withLock { $0 = [] } }

  /// The reconciles that have run for longest, one a queue that has any.
  var pulses: [Pulse] {
    queues.withLock { $0 }.compactMap { queue in
      queue.oldestStart.map { Pulse("a reconcile of a \(queue.name)", last: $0, limit: Liveness.reconcileLimit) }
    }
  }
}
