import Basics
import KubeTypes

/// How lists and maps merge at one place of an object: by its CRD's schema, or, for the server's own kinds and for
/// metadata, by the keys that Kubernetes' API types declare (`patchMergeKey`, `listMapKey`).
struct Topology: Sendable {
  private enum Source: Sendable {
    case schema(StructuralSchema)
    /// A place in a built-in kind, by the member's name.
    case builtin(member: String)
    /// A place that no schema describes: maps merge, lists are replaced.
    case unknown
  }
  private let source: Source
  private let isRoot: Bool

  /// The topology of a kind's whole objects.
  static func root(_ schema: StructuralSchema?) -> Topology {
    Topology(source: schema.map(Source.schema) ?? .builtin(member: ""), isRoot: true)
  }

  private init(source: Source, isRoot: Bool) {
    self.source = source
    self.isRoot = isRoot
  }

  func member(_ name: String) -> Topology {
    switch source {
    case .schema(let schema):
      if isRoot && name == "metadata" { return Topology(source: .builtin(member: name), isRoot: false) }
      return Topology(source: schema.member(name).map(Source.schema) ?? .unknown, isRoot: false)
    case .builtin: return Topology(source: .builtin(member: name), isRoot: false)
    case .unknown: return Topology(source: .unknown, isRoot: false)
    }
  }

  var item: Topology {
    switch source {
    case .schema(let schema): Topology(source: schema.items.map(Source.schema) ?? .unknown, isRoot: false)
    // Items of a list of a built-in kind are addressed by the list's own name: their members' names decide again.
    case .builtin: Topology(source: .builtin(member: ""), isRoot: false)
    case .unknown: self
    }
  }

  var listType: StructuralSchema.ListType {
    switch source {
    case .schema(let schema): schema.listType
    case .builtin(let member): Self.builtinLists[member] ?? .atomic
    case .unknown: .atomic
    }
  }

  var hasAtomicMap: Bool {
    switch source {
    case .schema(let schema): schema.hasAtomicMap
    case .builtin(let member): Self.atomicMaps.contains(member)
    case .unknown: false
    }
  }

  /// The members that tell an item of a keyed list from its siblings; a missing one takes the schema's default.
  static func identity(of item: JSONValue, keys: [String], schema: StructuralSchema?) -> [String: JSONValue] {
    var identity: [String: JSONValue] = [:]
    for key in keys { identity[key] = item[key] ?? schema?.properties[key]?.defaultValue ?? builtinDefaults[key] }
    return identity
  }

  func identity(of item: JSONValue, keys: [String]) -> [String: JSONValue] {
    if case .schema(let schema) = source { return Self.identity(of: item, keys: keys, schema: schema.items) }
    return Self.identity(of: item, keys: keys, schema: nil)
  }

  private static let builtinDefaults: [String: JSONValue] = ["protocol": "TCP"]

  private static let builtinLists: [String: StructuralSchema.ListType] = [
    "containers": .map(keys: ["name"]), "initContainers": .map(keys: ["name"]),
    "ephemeralContainers": .map(keys: ["name"]), "env": .map(keys: ["name"]), "volumes": .map(keys: ["name"]),
    "volumeMounts": .map(keys: ["mountPath"]), "volumeDevices": .map(keys: ["devicePath"]),
    "ports": .map(keys: ["containerPort", "protocol"]), "imagePullSecrets": .map(keys: ["name"]),
    "secrets": .map(keys: ["name"]), "hostAliases": .map(keys: ["ip"]), "podIPs": .map(keys: ["ip"]),
    "topologySpreadConstraints": .map(keys: ["topologyKey", "whenUnsatisfiable"]),
    "conditions": .map(keys: ["type"]), "ownerReferences": .map(keys: ["uid"]), "finalizers": .set,
    "addresses": .map(keys: ["type"]), "taints": .map(keys: ["key", "effect"]),
  ]

  private static let atomicMaps: Set<String> = [
    "nodeSelector", "labelSelector", "selector", "matchLabels", "fieldRef", "resourceFieldRef", "secretKeyRef",
    "configMapKeyRef", "scaleTargetRef", "roleRef",
  ]
}
