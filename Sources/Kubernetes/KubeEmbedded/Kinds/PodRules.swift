import Basics
import KubeTypes

/// What the API server itself does to pods: defaults, the parts of validation that callers meet, and immutability.
enum PodRules {
  static func applyDefaults(_ pod: inout JSONValue, isNew: Bool) {
    guard var spec = pod["spec"]?.objectValue else { return }
    let defaults: [String: JSONValue] = [
      "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "terminationGracePeriodSeconds": 30,
      "schedulerName": "default-scheduler", "securityContext": [:], "enableServiceLinks": true,
      "serviceAccountName": "default",
    ]
    for (key, value) in defaults where spec[key] == nil || spec[key] == .null { spec[key] = value }
    for key in ["containers", "initContainers"] {
      guard let containers = spec[key]?.arrayValue else { continue }
      spec[key] = .array(containers.map(defaulted))
    }
    pod["spec"] = .object(spec)
    if isNew {
      pod["status"] = ["phase": "Pending", "qosClass": .string(qualityOfService(spec))]
    }
  }

  private static func defaulted(_ container: JSONValue) -> JSONValue {
    guard var members = container.objectValue else { return container }
    let image = members["image"]?.stringValue ?? ""
    let tag = image.split(separator: "/").last?.split(separator: ":").dropFirst().last
    let isLatest = !image.contains("@") && (tag == nil || tag == "latest")
    let defaults: [String: JSONValue] = [
      "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": [:],
      "imagePullPolicy": isLatest ? "Always" : "IfNotPresent",
    ]
    for (key, value) in defaults where members[key] == nil { members[key] = value }
    if let ports = members["ports"]?.arrayValue {
      members["ports"] = .array(
        ports.map { port in
          var port = port
          if port["protocol"] == nil { port["protocol"] = "TCP" }
          return port
        })
    }
    return .object(members)
  }

  /// The pod's class by its requests and limits (kubernetes.io, "Pod Quality of Service Classes").
  private static func qualityOfService(_ spec: [String: JSONValue]) -> String {
    let containers = (spec["containers"]?.arrayValue ?? []).map { $0["resources"] ?? [:] }
    let isBare = containers.allSatisfy { ($0["requests"] ?? [:]).isEmptyValue && ($0["limits"] ?? [:]).isEmptyValue }
    if isBare { return "BestEffort" }
    let isGuaranteed = containers.allSatisfy { resources in
      ["cpu", "memory"].allSatisfy { name in
        guard let limit = resources["limits"]?[name] else { return false }
        return (resources["requests"]?[name] ?? limit) == limit
      }
    }
    return isGuaranteed ? "Guaranteed" : "Burstable"
  }

  static func errors(in pod: JSONValue, replacing old: JSONValue?, isStatus: Bool) -> [FieldError] {
    if isStatus { return [] }
    var errors: [FieldError] = []
    let containers = pod["spec"]?["containers"]?.arrayValue ?? []
    if containers.isEmpty { errors.append(.required("spec.containers")) }
    var names: Set<String> = []
    for (position, container) in containers.enumerated() {
      let field = "spec.containers[\(position)]"
      let name = container["name"]?.stringValue ?? ""
      if name.isEmpty {
        errors.append(.required("\(field).name"))
      } else if !NameRules.isLabel(name) {
        errors.append(.invalid("\(field).name", .string(name), "must be a lowercase RFC 1123 label"))
      } else if !names.insert(name).inserted {
        errors.append(.duplicate("\(field).name", .string(name)))
      }
      if (container["image"]?.stringValue ?? "").isEmpty { errors.append(.required("\(field).image")) }
    }
    let policies: [JSONValue] = ["Always", "OnFailure", "Never"]
    if let policy = pod["spec"]?["restartPolicy"], !policies.contains(policy) {
      errors.append(.unsupported("spec.restartPolicy", policy, supported: policies))
    }
    if let old, immutablePart(of: old) != immutablePart(of: pod) {
      errors.append(
        .forbidden(
          "spec",
          "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, "
            + "`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)"))
    }
    return errors
  }

  /// A pod's spec without what may change while it runs.
  private static func immutablePart(of pod: JSONValue) -> JSONValue? {
    guard var spec = pod["spec"]?.objectValue else { return nil }
    for key in ["activeDeadlineSeconds", "tolerations"] { spec[key] = nil }
    for key in ["containers", "initContainers"] {
      guard let containers = spec[key]?.arrayValue else { continue }
      spec[key] = .array(
        containers.map { container in
          var container = container
          container["image"] = nil
          container["imagePullPolicy"] = nil
          return container
        })
    }
    return .object(spec)
  }
}
