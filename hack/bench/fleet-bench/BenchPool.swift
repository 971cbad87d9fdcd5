import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// The pool of warm workers that a measurement runs on.
enum BenchPool {
  /// Makes the pool where it is missing, and returns once all of its workers are ready.
  /// - Throws: ``BenchError`` where they are not within two minutes.
  static func start(_ client: KubeClient, _ name: String, _ namespace: String, workers: Int) async throws {
    let pools = client.resource(WorkerPool.self, namespace: namespace)
    let pool = WorkerPool(metadata: ObjectMeta(name: name), spec: WorkerPoolSpec(replicas: workers))
    do { _ = try await pools.create(pool) } catch { guard error.isAlreadyExists else { throw error } }
    progress("starting \(workers) workers")
    for _ in 0..<1200 {
      if try await pools.get(name).status?.readyReplicas == workers { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw BenchError("the pool's workers did not become ready in two minutes; is what runs its pods there?")
  }
}
