import Basics
import KubeTypes

extension ServerState {
  /// The `scale` subresource of a custom resource (`autoscaling/v1.Scale`).
  func scale(_ name: String, _ target: Target) throws(APIFailure) -> JSONValue {
    guard let paths = target.version.scale else { throw .noSuchResource }
    let object = try live(name, target).value
    var status: JSONValue = ["replicas": object[path: paths.statusReplicas] ?? 0]
    if let path = paths.labelSelector, let selector = object[path: path]?.stringValue, !selector.isEmpty {
      status["selector"] = .string(selector)
    }
    var metadata: JSONValue = [:]
    for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
      metadata[key] = object[meta: key]
    }
    return [
      "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
      "spec": ["replicas": object[path: paths.specReplicas] ?? 0], "status": status,
    ]
  }

  /// Writes `spec.replicas` through the `scale` subresource, by PUT or a patch of the Scale.
  mutating func setScale(
    _ name: String, _ target: Target, _ request: ParsedRequest
  ) throws(APIFailure) -> JSONValue {
    guard let paths = target.version.scale else { throw .noSuchResource }
    let current = try scale(name, target)
    let next: JSONValue
    if request.method == .put {
      next = try request.object()
    } else {
      next = try PatchFormat(request).applied(to: current, topology: .root(nil), target)
    }
    guard let replicas = next["spec"]?["replicas"]?.intValue ?? (next["spec"]?["replicas"] == nil ? 0 : nil) else {
      throw .badRequest("spec.replicas must be an integer, not \(JSONWriter.text(next["spec"]?["replicas"] ?? .null))")
    }
    guard replicas >= 0 else {
      throw .invalid(
        .init(group: "autoscaling", plural: target.type.id.plural, kind: "Scale"), name,
        [.invalid("spec.replicas", .int(replicas), "should be a non-negative integer")])
    }
    let live = try live(name, target)
    let seen = next.metaText("resourceVersion")
    guard seen.isEmpty || seen == live.value.metaText("resourceVersion") else {
      throw .conflict(target.subject, name, APIFailure.staleText)
    }
    var object = live.value(as: target.apiVersion)
    object[path: paths.specReplicas] = .int(replicas)
    var main = target
    main.subresource = .main
    _ = try update(live, to: object, main)
    return try scale(name, target)
  }
}
