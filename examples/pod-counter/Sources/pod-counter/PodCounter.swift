// A whole controller: it writes into an annotation of every namespace how many pods the namespace has.
//
//   swift run pod-counter          on the cluster that kubectl would use; then `kubectl get namespaces -o yaml`
//   swift run pod-counter --demo   on an API server inside the process, with three pods of its own
import Basics
import KubeAccess
import KubeEmbedded
import KubeRuntime
import KubeTypes

@main struct PodCounter {
  static let annotation = "examples.tensorfleet.io/pods"

  /// Brings one namespace's annotation up to date: reads the caches, writes only where something is to be changed.
  static func reconcile(
    _ name: String, pods: Store<Pod>, namespaces: Store<Namespace>, client: KubeClient
  ) async throws -> ReconcileResult {
    guard let namespace = namespaces[ObjectKey(namespace: "", name: name)] else { return .done }
    let count = String(pods.indexed("namespace", name).count)
    guard namespace.metadata.annotations?[annotation] != count else { return .done }
    let change: JSONValue = ["metadata": ["annotations": [annotation: .string(count)]]]
    _ = try await client.resource(Namespace.self).patch(name, .merge(change))
    print("\(name) has \(count) pods")
    return .done
  }

  /// Watches pods and namespaces until the task is cancelled.
  static func run(_ client: KubeClient) async {
    let pods = Informer(
      client.allNamespaces(Pod.self), indexes: [StoreIndex("namespace") { [$0.namespace] }],
      trim: { $0.spec = nil })
    let namespaces = Informer(client.allNamespaces(Namespace.self))
    // Many pods that come at once are one reconcile.
    let queue = WorkQueue<String>(name: "namespaces", gathering: .milliseconds(100))
    pods.onChange { queue.add($0.object.namespace) }
    namespaces.onChange { queue.add($0.object.name) }
    let controller = Controller(name: "pod-counter", queue: queue) { name in
      try await reconcile(name, pods: pods.store, namespaces: namespaces.store, client: client)
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await pods.run() }
      group.addTask { await namespaces.run() }
      group.addTask {
        // Not before all pods are known: a count of half of them would be wrong.
        do { try await pods.waitUntilSynced() } catch { return }
        await controller.run()
      }
    }
  }

  static func main() async throws {
    guard CommandLine.arguments.contains("--demo") else { return await run(try KubeClient.connect()) }
    let client = KubeClient(transport: EmbeddedAPIServer())
    for name in ["one", "two", "three"] {
      let pod = Pod(
        metadata: ObjectMeta(name: name), spec: PodSpec(containers: [Container(name: "main", image: "none")]))
      _ = try await client.resource(Pod.self).create(pod)
    }
    // Ends after two seconds: this is a demonstration.
    _ = try await until(SystemClock().now + .seconds(2), on: .system) { await run(client) }
  }
}
