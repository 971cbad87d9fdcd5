import Basics
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Keeps a Node object that says that this machine is ready, as long as it runs; only where the API lets it.
struct NodeRegistration: Sendable {
  static let definition = ResourceDefinition(
    group: "", version: "v1", plural: "nodes", kind: "Node", namespaced: false)
  /// As often as a kubelet by its defaults: controllers call a node unknown after 40 s.
  static let heartbeat = Duration.seconds(10)

  let client: KubeClient
  let name: String
  let address: String
  let clock: any RuntimeClock
  let log: Logger

  func run() async {
    var wasRefused = false
    while !Task.isCancelled {
      do throws(KubeError) {
        try await beat()
      } catch {
        if !wasRefused {
          log.info("no Node object is kept", metadata: ["node": "\(name)", "why": "\(error)"])
          wasRefused = true
        }
      }
      try? await clock.sleep(for: Self.heartbeat)
    }
  }

  private func beat() async throws(KubeError) {
    let nodes = client.dynamic(Self.definition)
    let change = Patch.strategicMerge(["status": status])
    do throws(KubeError) {
      _ = try await nodes.patch(name, change, subresource: "status")
    } catch {
      guard error.isNotFound else { throw error }
      do throws(KubeError) { _ = try await nodes.create(node) } catch {
        guard error.isAlreadyExists else { throw error }
      }
      _ = try await nodes.patch(name, change, subresource: "status")
    }
  }

  private var node: JSONValue {
    [
      "apiVersion": "v1", "kind": "Node",
      "metadata": [
        "name": .string(name),
        "labels": ["kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux"],
      ],
    ]
  }

  private var status: JSONValue {
    let now = JSONValue.string(clock.wallTime.description)
    let processors = JSONValue.string(String(ProcessInfo.processInfo.activeProcessorCount))
    let memory = JSONValue.string(String(ProcessInfo.processInfo.physicalMemory))
    let resources: JSONValue = ["cpu": processors, "memory": memory, "pods": "1000"]
    return [
      "addresses": [
        ["type": "InternalIP", "address": .string(address)], ["type": "Hostname", "address": .string(name)],
      ],
      "capacity": resources, "allocatable": resources,
      "conditions": [
        [
          "type": "Ready", "status": "True", "reason": "PodRunnerReady",
          "message": "the development pod runner is at work", "lastHeartbeatTime": now,
        ]
      ],
    ]
  }
}
