/// A reference to an object, as events carry it (`v1.ObjectReference`).
package struct ObjectReference: Sendable, Hashable, Codable {
  package var apiVersion: String?
  package var kind: String?
  package var namespace: String?
  package var name: String?
  package var uid: String?
  package var resourceVersion: String?

  package init(
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
package struct ServiceAccount: KubeObject {
  package static let definition = ResourceDefinition(
    group: "", version: "v1", plural: "serviceaccounts", kind: "ServiceAccount")
  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var automountServiceAccountToken: Bool?

  package init(metadata: ObjectMeta, automountServiceAccountToken: Bool? = nil) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    self.automountServiceAccountToken = automountServiceAccountToken
  }
}

/// `v1.Namespace`.
package struct Namespace: KubeObject {
  package static let definition = ResourceDefinition(
    group: "", version: "v1", plural: "namespaces", kind: "Namespace", namespaced: false)
  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta

  package init(name: String) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    metadata = ObjectMeta(name: name)
  }
}

/// `rbac.authorization.k8s.io/v1.RoleBinding`.
package struct RoleBinding: KubeObject {
  package static let definition = ResourceDefinition(
    group: "rbac.authorization.k8s.io", version: "v1", plural: "rolebindings", kind: "RoleBinding")

  package struct RoleRef: Sendable, Hashable, Codable {
    package var apiGroup: String
    package var kind: String
    package var name: String
  }
  package struct Subject: Sendable, Hashable, Codable {
    package var kind: String
    package var name: String
    package var namespace: String?
  }

  package var apiVersion: String?
  package var kind: String?
  package var metadata: ObjectMeta
  package var roleRef: RoleRef
  package var subjects: [Subject]?

  /// A binding of a ClusterRole to a service account of the binding's own namespace.
  package init(metadata: ObjectMeta, clusterRole: String, serviceAccount: String) {
    apiVersion = Self.definition.apiVersion
    kind = Self.definition.kind
    self.metadata = metadata
    roleRef = RoleRef(apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole)
    subjects = [Subject(kind: "ServiceAccount", name: serviceAccount, namespace: metadata.namespace)]
  }
}
