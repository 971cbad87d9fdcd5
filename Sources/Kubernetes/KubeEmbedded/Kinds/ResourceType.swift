import KubeTypes

/// The group and plural name of a resource: what its objects are stored under, whatever version they are asked for in.
struct ResourceID: Sendable, Hashable {
  var group: String
  var plural: String
}

/// Where an object is stored.
struct ObjectAddress: Sendable, Hashable {
  var resource: ResourceID
  var key: ObjectKey
}

/// A resource that the server serves.
struct ResourceType: Sendable {
  var id: ResourceID
  var kind: String
  var listKind: String
  var singular: String
  var shortNames: [String] = []
  var categories: [String] = []
  var namespaced: Bool
  var versions: [ServedVersion]
  /// The rules the server's own kinds have beyond their schema.
  var rules: KindRules
  /// Whether `metadata.generation` counts changes.
  var tracksGeneration = false
  /// Whether a PUT without a resourceVersion overwrites what is there.
  var allowsUnconditionalUpdate = true

  var subject: APIFailure.Subject { .init(group: id.group, plural: id.plural, kind: kind) }

  func version(_ name: String) -> ServedVersion? { versions.first { $0.name == name && $0.served } }
  func apiVersion(_ version: String) -> String { id.group.isEmpty ? version : "\(id.group)/\(version)" }
}

/// A version of a resource.
struct ServedVersion: Sendable {
  var name: String
  var served = true
  var schema: StructuralSchema?
  var hasStatus = false
  var scale: ScalePaths?
}

/// Where a custom resource keeps what its `scale` subresource shows; paths as member names, without the leading dot.
struct ScalePaths: Sendable {
  var specReplicas: [String]
  var statusReplicas: [String]
  var labelSelector: [String]?
}

/// Which hand-written rules a kind has.
enum KindRules: Sendable {
  case plain, custom, pod, namespace, node, event, role, customResourceDefinition, serviceAccount
}

/// A subresource of an object, or the object itself.
enum Subresource: String, Sendable {
  case main = "", status, scale, binding, token, finalize, eviction
}
