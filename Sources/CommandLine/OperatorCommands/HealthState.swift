import FleetOperator
import Synchronization

/// How the process is doing, for probes.
///
/// A replica that waits for the lease is alive and ready: it has nothing to do but wait.
final class HealthState: Sendable {
  private let leading = Mutex<Operator?>(nil)

  func lead(with fleet: Operator?) { leading.withLock { $0 = fleet } }

  var caches: Caches? { leading.withLock { $0?.caches } }

  /// Why the process should be restarted; nil where it should not. A server that is away for a while is no reason:
  /// watches reconnect by themselves.
  var livenessProblem: String? { nil }

  /// Why the process is not to be counted on now.
  var readinessProblem: String? {
    guard let caches else { return nil }
    if !caches.isSynced { return "the caches of the Kubernetes API are not complete yet" }
    return caches.isHealthy ? nil : "the Kubernetes API does not answer"
  }
}
