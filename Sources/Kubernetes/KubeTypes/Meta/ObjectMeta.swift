import Basics

/// What every object carries (`metav1.ObjectMeta`), as far as a controller reads or writes it.
///
/// `managedFields` is left out on purpose: it is the largest part of many objects and nobody here reads it.
public struct ObjectMeta: Sendable, Hashable, Codable {
  public var name: String?
  public var generateName: String?
  public var namespace: String?
  public var uid: String?
  public var resourceVersion: String?
  public var generation: Int64?
  public var creationTimestamp: Timestamp?
  public var deletionTimestamp: Timestamp?
  public var deletionGracePeriodSeconds: Int64?
  public var labels: [String: String]?
  public var annotations: [String: String]?
  public var ownerReferences: [OwnerReference]?
  public var finalizers: [String]?

  public init(
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
  public func label(_ key: String) -> String? { labels?[key] }

  /// The owner that manages this object (`controller: true`).
  public var controller: OwnerReference? { ownerReferences?.first { $0.controller == true } }
}

/// A reference from a dependent to its owner; garbage collection follows it.
public struct OwnerReference: Sendable, Hashable, Codable {
  public var apiVersion: String
  public var kind: String
  public var name: String
  public var uid: String
  public var controller: Bool?
  public var blockOwnerDeletion: Bool?

  public init(
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
public struct ListMeta: Sendable, Hashable, Codable {
  public var resourceVersion: String?
  /// The token of the next page; nil or empty on the last one.
  public var `continue`: String?
  public var remainingItemCount: Int64?

  public init(resourceVersion: String? = nil, continue: String? = nil, remainingItemCount: Int64? = nil) {
    self.resourceVersion = resourceVersion
    self.continue = `continue`
    self.remainingItemCount = remainingItemCount
  }
}
