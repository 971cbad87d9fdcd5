import FleetAPI
import KubeAccess
import KubeTypes
import Synchronization

/// Sees to it that a pool's namespace has the workers' service account, bound to the workers' ClusterRole: what lets a
/// worker read tasks and report on them, and nothing else.
final class WorkerAccount: Sendable {
  private let client: KubeClient
  private let ensured = Mutex<Set<String>>([])

  init(client: KubeClient) { self.client = client }

  /// Makes account and binding where they are missing; once a namespace, until ``forget(_:)``.
  func ensure(in namespace: String) async throws(KubeError) {
    if ensured.withLock({ $0.contains(namespace) }) { return }
    let labels = [Fleet.Label.managedBy: Fleet.operatorName]
    let metadata = ObjectMeta(name: Fleet.workerServiceAccount, namespace: namespace, labels: labels)
    try await createIfMissing(ServiceAccount(metadata: metadata))
    try await createIfMissing(
      RoleBinding(
        metadata: metadata, clusterRole: Fleet.workerClusterRole, serviceAccount: Fleet.workerServiceAccount))
    ensured.withLock { _ = $0.insert(namespace) }
  }

  /// After a pod was refused: the account may have been deleted.
  func forget(_ namespace: String) { ensured.withLock { _ = $0.remove(namespace) } }

  private func createIfMissing<Object: KubeObject>(_ object: Object) async throws(KubeError) {
    do {
      _ = try await client.resource(Object.self, namespace: object.namespace)
        .create(object, fieldManager: Fleet.operatorName)
    } catch {
      guard error.isAlreadyExists else { throw error }
    }
  }
}
