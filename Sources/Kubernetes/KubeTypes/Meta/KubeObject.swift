/// Which REST resource a type is served as.
public struct ResourceDefinition: Sendable, Hashable {
  /// The API group; empty for the core group.
  public var group: String
  public var version: String
  /// The plural, lower-case name in paths: `pods`.
  public var plural: String
  public var kind: String
  public var namespaced: Bool

  public init(group: String, version: String, plural: String, kind: String, namespaced: Bool = true) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
    self.namespaced = namespaced
  }

  /// `group/version`, or `version` alone in the core group.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  /// The path that all of this group and version is served below: `/apis/group/version` or `/api/v1`.
  public var root: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }

  /// The path of the collection, or of one object, or of a subresource of it.
  /// - Parameter namespace: nil addresses all namespaces (collections only) or a cluster-scoped resource.
  public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
    var path = root
    if namespaced, let namespace { path += "/namespaces/\(namespace)" }
    path += "/\(plural)"
    if let name { path += "/\(name)" }
    if let subresource { path += "/\(subresource)" }
    return path
  }
}

/// A typed Kubernetes object. A conforming type declares the members it reads; all others are dropped on decoding,
/// which is what keeps caches small. Writes go through patches, so dropped members survive them.
public protocol KubeObject: Codable, Sendable {
  static var definition: ResourceDefinition { get }
  var apiVersion: String? { get set }
  var kind: String? { get set }
  var metadata: ObjectMeta { get set }
}

extension KubeObject {
  /// The object's name; empty before the server has given one.
  public var name: String { metadata.name ?? "" }
  /// The object's namespace; empty for a cluster-scoped object.
  public var namespace: String { metadata.namespace ?? "" }
  /// The object's unique identifier; empty before the server has given one.
  public var uid: String { metadata.uid ?? "" }
  public var resourceVersion: String { metadata.resourceVersion ?? "" }
  public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }
  /// True once deletion was requested and only finalizers or a grace period keep the object.
  public var isTerminating: Bool { metadata.deletionTimestamp != nil }

  /// A controller owner reference to this object.
  public var ownerReference: OwnerReference {
    OwnerReference(
      apiVersion: Self.definition.apiVersion, kind: Self.definition.kind, name: name, uid: uid, controller: true,
      blockOwnerDeletion: true)
  }

  /// A reference to this object for events.
  public var reference: ObjectReference {
    ObjectReference(
      apiVersion: Self.definition.apiVersion, kind: Self.definition.kind, namespace: metadata.namespace, name: name,
      uid: uid, resourceVersion: metadata.resourceVersion)
  }
}

/// Namespace and name: what identifies an object of one kind at one time (the UID does over all time).
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var namespace: String
  public var name: String

  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }
}

/// A page of a list.
public struct ObjectList<Item: Codable & Sendable>: Codable, Sendable {
  public var apiVersion: String?
  public var kind: String?
  public var metadata: ListMeta
  public var items: [Item]

  public init(apiVersion: String? = nil, kind: String? = nil, metadata: ListMeta = ListMeta(), items: [Item]) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.metadata = metadata
    self.items = items
  }

  private enum CodingKeys: String, CodingKey { case apiVersion, kind, metadata, items }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    apiVersion = try container.decodeIfPresent(String.self, forKey: .apiVersion)
    kind = try container.decodeIfPresent(String.self, forKey: .kind)
    metadata = try container.decodeIfPresent(ListMeta.self, forKey: .metadata) ?? ListMeta()
    // Go writes an empty list as null.
    items = try container.decodeIfPresent([Item].self, forKey: .items) ?? []
  }
}
