import Basics
import KubeAccess
import KubeRuntime
import KubeTypes

/// Plays the kubelet for pods that run nothing: binds a pod and reports what a kubelet would, at once.
struct HollowPods: Sendable {
  enum Life: Sendable {
    /// Becomes ready and stays.
    case runs
    /// Succeeds at once.
    case succeeds
  }

  let client: KubeClient
  let informer: Informer<Pod>
  let life: Life

  init(client: KubeClient, namespace: String, selector: String, life: Life) {
    self.client = client
    self.life = life
    informer = Informer(client.resource(Pod.self, namespace: namespace), labelSelector: selector)
  }

  /// Serves pods until cancelled.
  func run() async {
    let (pods, feed) = AsyncStream.makeStream(of: Pod.self)
    informer.onChange { change in
      guard case .applied(let old, let pod) = change, old?.uid != pod.uid || old == nil else { return }
      feed.yield(pod)
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await informer.run() }
      for _ in 0..<8 {
        group.addTask { for await pod in pods { await serve(pod) } }
      }
    }
  }

  private func serve(_ pod: Pod) async {
    guard pod.spec?.nodeName == nil, !pod.isTerminating, !pod.isFinished else { return }
    let resource = client.resource(Pod.self, namespace: pod.namespace)
    let binding = JSONValue.object([
      "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(pod.name)],
      "target": ["apiVersion": "v1", "kind": "Node", "name": "hollow"],
    ])
    do {
      _ = try await resource.createSubresource(pod.name, "binding", binding, as: Status.self)
      _ = try await resource.patch(pod.name, .merge(["status": status]), subresource: "status")
    } catch {
      if !error.isNotFound && !error.isConflict { print("hollow pod \(pod.name): \(error)") }
    }
  }

  private var status: JSONValue {
    switch life {
    case .runs:
      ["phase": "Running", "podIP": "127.0.0.1", "conditions": [["type": "Ready", "status": "True"]]]
    case .succeeds: ["phase": "Succeeded"]
    }
  }
}
