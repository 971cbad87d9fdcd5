import KubeTypes

/// A field of a pod that its containers may see through the downward API.
enum DownwardField {
  /// What the machine of the pod adds to it.
  struct Host: Sendable {
    var nodeName: String
    var address: String
  }

  /// The value of a field; nil where the path names none that is supported. A label or annotation that is not set is empty.
  static func value(_ path: String, of pod: Pod, on host: Host) -> String? {
    switch path {
    case "metadata.name": return pod.name
    case "metadata.namespace": return pod.namespace
    case "metadata.uid": return pod.uid
    case "spec.nodeName": return host.nodeName
    case "spec.serviceAccountName": return pod.spec?.serviceAccountName ?? ""
    case "status.podIP", "status.podIPs", "status.hostIP", "status.hostIPs": return host.address
    default: break
    }
    if let key = subscripted(path, "metadata.labels") { return pod.metadata.labels?[key] ?? "" }
    if let key = subscripted(path, "metadata.annotations") { return pod.metadata.annotations?[key] ?? "" }
    return nil
  }

  /// The key in `field['key']`.
  private static func subscripted(_ path: String, _ field: String) -> String? {
    guard path.hasPrefix("\(field)['"), path.hasSuffix("']") else { return nil }
    return String(path.dropFirst(field.count + 2).dropLast(2))
  }
}
