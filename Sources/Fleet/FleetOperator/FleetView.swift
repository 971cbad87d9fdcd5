import KubeAccess
import KubeRuntime

/// What a replica sees of the fleet, kept up to date whether it leads or not: a new leader begins with all it needs, and
/// whatever only reads has the same view in every replica.
package struct FleetView: Sendable {
  package let caches: Caches

  init(client: KubeClient, namespace: String?, runtime: OperatorRuntime) {
    caches = Caches(client: client, namespace: namespace, runtime: runtime)
  }

  /// Follows the cluster until cancelled.
  package func run() async { await caches.run() }

  /// Returns when the view is complete for the first time.
  /// - Throws: `CancellationError` when the task is cancelled before.
  package func waitUntilSynced() async throws { try await caches.waitUntilSynced() }

  /// The loops that keep the view, as far as they run.
  var pulses: [Pulse] {
    let loops = [
      ("jobs", caches.jobs.lastMoved), ("pools", caches.pools.lastMoved), ("tasks", caches.tasks.lastMoved),
      ("pods", caches.pods.lastMoved),
    ]
    return loops.compactMap { name, last in
      last.map { Pulse("the view of \(name)", last: $0, limit: Liveness.viewLimit) }
    }
  }

  /// Why the view is not to be counted on now; nil where it is.
  package var readinessProblem: String? {
    if !caches.isSynced { return "the caches of the Kubernetes API are not complete yet" }
    return caches.isHealthy ? nil : "the Kubernetes API does not answer"
  }
}
