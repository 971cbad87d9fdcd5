/// A reference to an object, as events carry it (`v1.ObjectReference`).
public struct ObjectReference: Sendable, Hashable, Codable {
  public var apiVersion: String?
  public var kind: String?
  public var namespace: String?
  public var name: String?
  public var uid: String?
  public var resourceVersion: String?

  public init(
    apiVersion: String? = nil, kind: String? = nil, namespace: String? = nil, name: String? = nil, uid: String? = nil,
    resourceVersion: String? = nil
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.resourceVersion = resourceVersion
  }
}

/// `v1.ServiceAccount`: the identity of a pod.
public struct ServiceAccount: KubeObject {
  public static let definition = ResourceDefinition(
    group: "", version: "v1", plural: "serviceaccounts", kind: "ServiceAccount")
  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta
  public var automountServiceAccountToken: Bool?

  public init(metadata: ObjectMeta, automountServiceAccountToken: Bool? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.automountServiceAccountToken = automountServiceAccountToken
  }
}

/// `v1.Namespace`.
public struct Namespace: KubeObject {
  public static let definition = ResourceDefinition(
    group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false)
  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta

  public init(name: String) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    metadata = ObjectMeta(name: name)
  }
}

/// `rbac.authorization.k8s.io/v1.RoleBinding`.
public struct RoleBinding: KubeObject {
  public static let definition = ResourceDefinition(
    group: "rbac.authorization.k8s.io", version: "v1", plural: "rolebindings", kind: "RoleBinding")

  public struct RoleRef: Sendable, Hashable, Codable {
    public var apiGroup: String
    public var kind: String
    public var name: String
  }
  public struct Subject: Sendable, Hashable, Codable {
    public var kind: String
    public var name: String
    public var namespace: String?
  }

  public var apiVersion: String?
  public var kind: String?
  public var metadata: ObjectMeta
  public var roleRef: RoleRef
  public var subjects: [Subject]?

  /// A binding of a ClusterRole to a service account of the binding's own namespace.
  public init(metadata: ObjectMeta, clusterRole: String, serviceAccount: String) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    roleRef = RoleRef(apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole)
    subjects = [Subject(kind: "ServiceAccount", name: serviceAccount, namespace: metadata.namespace)]
  }
}
