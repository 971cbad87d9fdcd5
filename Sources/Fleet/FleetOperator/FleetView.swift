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

  /// Why the view is not to be counted on now; nil where it is.
  package var readinessProblem: String? {
    if !caches.isSynced { return "the caches of the Kubernetes API are not complete yet" }
    return caches.isHealthy ? nil : "the Kubernetes API does not answer"
  }
}
