import Basics
import KubeTypes

extension ServerState {
  /// `pods/binding`: gives a pod its node, once.
  mutating func bind(_ name: String, _ target: Target, _ binding: JSONValue) throws(APIFailure) {
    let pod = try live(name, target)
    guard let node = binding["target"]?["name"]?.stringValue, !node.isEmpty else {
      throw .invalid(target.subject, name, [.required("target.name")])
    }
    if let current = pod.value["spec"]?["nodeName"]?.stringValue, !current.isEmpty {
      throw .conflict(target.subject, name, "pod \(name) is already assigned to node \"\(current)\"")
    }
    if pod.value.isTerminating {
      throw .conflict(target.subject, name, "pod \(name) is being deleted, cannot be assigned to a host")
    }
    var bound = pod.value
    bound[path: ["spec", "nodeName"]] = .string(node)
    var conditions = bound["status"]?["conditions"]?.arrayValue ?? []
    conditions.removeAll { $0["type"] == "PodScheduled" }
    conditions.append(["type": "PodScheduled", "status": "True", "lastTransitionTime": .string(now)])
    bound[path: ["status", "conditions"]] = .array(conditions)
    store(bound, at: target.address(name), managers: pod.managers)
  }

  /// `serviceaccounts/token`: a token that names its account and opens nothing, as nothing here is locked.
  func token(_ name: String, _ target: Target, _ request: JSONValue) throws(APIFailure) -> JSONValue {
    _ = try live(name, target)
    var answer = request
    answer["kind"] = "TokenRequest"
    answer["apiVersion"] = "authentication.k8s.io/v1"
    let seconds = request["spec"]?["expirationSeconds"]?.intValue ?? 3600
    answer["status"] = [
      "token": .string("embedded:\(target.namespace ?? ""):\(name)"),
      "expirationTimestamp": .string(options.now().adding(seconds: Double(seconds)).description),
    ]
    return answer
  }
}
