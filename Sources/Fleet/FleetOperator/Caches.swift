import Basics
import FleetAPI
import KubeAccess
import KubeRuntime
import KubeTypes

/// What the operator sees of the cluster: one watch a kind, labelled objects only, each trimmed to the members that the
/// typed objects declare.
package final class Caches: Sendable {
  package let jobs: Informer<TrainingJob>
  package let pools: Informer<WorkerPool>
  package let tasks: Informer<TrainingTask>
  package let pods: Informer<Pod>

  /// Index names.
  enum Index {
    static let pool = "pool"
    /// Jobs of a pool that are not over.
    static let activePool = "activePool"
    static let job = "job"
    static let worker = "worker"
  }

  package init(client: KubeClient, namespace: String?, runtime: OperatorRuntime = .system) {
    var runtime = runtime
    let clock = runtime.clock
    func source<Object: KubeObject>(_ type: Object.Type) -> Resource<Object> {
      namespace.map { client.resource(type, namespace: $0) } ?? client.allNamespaces(type)
    }
    jobs = Informer(
      source(TrainingJob.self),
      indexes: [StoreIndex(Index.activePool) { $0.isFinished ? [] : [$0.poolKey.description] }],
      clock: clock, random: runtime.generator())
    pools = Informer(source(WorkerPool.self), clock: clock, random: runtime.generator())
    tasks = Informer(
      source(TrainingTask.self),
      indexes: [
        StoreIndex(Index.job) { [ObjectKey(namespace: $0.namespace, name: $0.spec.jobName).description] },
        StoreIndex(Index.worker) { [$0.spec.worker.uid] },
      ], clock: clock, random: runtime.generator())
    pods = Informer(
      source(Pod.self), labelSelector: Fleet.Label.pool,
      indexes: [StoreIndex(Index.pool) { [Self.poolKey(of: $0.metadata)?.description].compactMap { $0 } }],
      trim: { pod in
        // Of a pod's spec nothing is read back: the digest in its annotations says what it was made from.
        pod.spec = nil
      }, clock: clock, random: runtime.generator())
  }

  /// The pool that a labelled object belongs to.
  static func poolKey(of metadata: ObjectMeta) -> ObjectKey? {
    metadata.label(Fleet.Label.pool).map { ObjectKey(namespace: metadata.namespace ?? "", name: $0) }
  }

  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.jobs.run() }
      group.addTask { await self.pools.run() }
      group.addTask { await self.tasks.run() }
      group.addTask { await self.pods.run() }
    }
  }

  package func waitUntilSynced() async throws {
    try await jobs.waitUntilSynced()
    try await pools.waitUntilSynced()
    try await tasks.waitUntilSynced()
    try await pods.waitUntilSynced()
  }

  package var isSynced: Bool {
    jobs.store.isSynced && pools.store.isSynced && tasks.store.isSynced && pods.store.isSynced
  }

  package var isHealthy: Bool { jobs.isHealthy && pools.isHealthy && tasks.isHealthy && pods.isHealthy }
}
