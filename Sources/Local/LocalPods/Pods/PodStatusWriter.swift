import Basics
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging

/// Writes what a node writes: bindings, statuses, the last deletion. Tries again while the API server does not answer.
struct PodStatusWriter: Sendable {
  enum Outcome: Sendable, Equatable {
    case done
    /// The pod is gone, or another of its name has its place.
    case gone
    /// Somebody else was first, or the server refuses for good.
    case refused
  }

  let client: KubeClient
  let clock: any RuntimeClock
  let log: Logger
  /// False: one try, for a runner that is about to end.
  var isPatient = true

  var withoutPatience: PodStatusWriter {
    var writer = self
    writer.isPatient = false
    return writer
  }

  /// `v1.Binding`.
  private struct Binding: Encodable, Sendable {
    struct Metadata: Encodable, Sendable {
      var name: String
      var namespace: String
      var uid: String
    }
    struct Target: Encodable, Sendable {
      var apiVersion = "v1"
      var kind = "Node"
      var name: String
    }
    var apiVersion = "v1"
    var kind = "Binding"
    var metadata: Metadata
    var target: Target
  }

  func bind(_ pod: Pod, to node: String) async -> Outcome {
    let binding = Binding(
      metadata: .init(name: pod.name, namespace: pod.namespace, uid: pod.uid), target: .init(name: node))
    return await attempt("bind", pod) { () async throws(KubeError) in
      _ = try await client.resource(Pod.self, namespace: pod.namespace)
        .createSubresource(pod.name, "binding", binding, as: JSONValue.self)
    }
  }

  func report(_ status: PodStatus, of pod: Pod) async -> Outcome {
    guard let tree = try? JSON.value(of: status) else { return .refused }
    // Strategic: conditions that others set stay. The UID keeps the status from a newer pod of the same name.
    let change: JSONValue = ["metadata": ["uid": .string(pod.uid)], "status": tree]
    return await attempt("report", pod) { () async throws(KubeError) in
      _ = try await client.dynamic(Pod.definition, namespace: pod.namespace)
        .patch(pod.name, .strategicMerge(change), subresource: "status")
    }
  }

  func remove(_ pod: Pod) async -> Outcome {
    await attempt("remove", pod) { () async throws(KubeError) in
      try await client.resource(Pod.self, namespace: pod.namespace)
        .delete(pod.name, DeleteOptions(uid: pod.uid, gracePeriodSeconds: 0))
    }
  }

  private func attempt(
    _ what: String, _ pod: Pod, _ write: () async throws(KubeError) -> Void
  ) async -> Outcome {
    var failures = 0
    var random = SplitMix64()
    let backoff = Backoff(initial: .milliseconds(20), cap: .seconds(5))
    while true {
      do throws(KubeError) {
        try await write()
        return .done
      } catch {
        if error.isNotFound { return .gone }
        if error.isConflict { return .refused }
        guard error.isRetryable, isPatient, !Task.isCancelled else {
          log.warning("the API refused a write", metadata: ["what": "\(what)", "pod": "\(pod.key)", "why": "\(error)"])
          return .refused
        }
        failures += 1
        try? await clock.sleep(for: backoff.delay(afterFailures: failures, using: &random))
      }
    }
  }
}
