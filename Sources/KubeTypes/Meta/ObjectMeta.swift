/// What every object carries (`metav1.ObjectMeta`), as far as a controller reads or writes it.
///
/// `managedFields` is left out on purpose: it is the largest part of many objects and nobody here reads it.
package struct ObjectMeta: Sendable, Hashable, Codable {
  package var name: String?
  package var generateName: String?
  package var namespace: String?
  package var uid: String?
  package var resourceVersion: String?
  package var generation: Int64?
  package var creationTimestamp: Timestamp?
  package var deletionTimestamp: Timestamp?
  package var deletionGracePeriodSeconds: Int64?
  package var labels: [String: String]?
  package var annotations: [String: String]?
  package var ownerReferences: [OwnerReference]?
  package var finalizers: [String]?

  package init(
    name: String? = nil, namespace: String? = nil, labels: [String: String]? = nil,
    annotations: [String: String]? = nil, ownerReferences: [OwnerReference]? = nil, finalizers: [String]? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
    self.annotations = annotations
    self.ownerReferences = ownerReferences
    self.finalizers = finalizers
  }

  /// The value of a label; nil where it is not set.
  package func label(_ key: String) -> String? { labels?[key] }

  /// The owner that manages this object (`controller: true`).
  package var controller: OwnerReference? { ownerReferences?.first { $0.controller == true } }
}

/// A reference from a dependent to its owner; garbage collection follows it.
package struct OwnerReference: Sendable, Hashable, Codable {
  package var apiVersion: String
  package var kind: String
  package var name: String
  package var uid: String
  package var controller: Bool?
  package var blockOwnerDeletion: Bool?

  package init(
    apiVersion: String, kind: String, name: String, uid: String, controller: Bool? = true,
    blockOwnerDeletion: Bool? = nil
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.uid = uid
    self.controller = controller
    self.blockOwnerDeletion = blockOwnerDeletion
  }
}

/// What a list carries (`metav1.ListMeta`).
package struct ListMeta: Sendable, Hashable, Codable {
  package var resourceVersion: String?
  /// The token of the next page; nil or empty on the last one.
  package var `continue`: String?
  package var remainingItemCount: Int64?

  package init(resourceVersion: String? = nil, continue: String? = nil, remainingItemCount: Int64? = nil) {
    self.resourceVersion = resourceVersion
    self.continue = `continue`
    self.remainingItemCount = remainingItemCount
  }
}
