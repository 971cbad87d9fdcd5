import Basics
import KubeTypes

/// Which manager owns which fields of an object (KEP-555's `managedFields`, in memory only).
struct FieldManagers: Sendable, Equatable {
  enum Operation: String, Sendable { case apply = "Apply", update = "Update" }

  /// Managers are told apart by name, operation and subresource, as since Kubernetes 1.22.
  struct Owner: Sendable, Hashable {
    var manager: String
    var operation: Operation
    var subresource: Subresource

    var text: String { operation == .apply ? "\"\(manager)\"" : "\"\(manager)\" with an update" }
  }

  var owned: [Owner: FieldSet] = [:]

  /// The owners of an object that was written without server-side apply so far: all of it belongs to one manager, as
  /// `before-first-apply` in Kubernetes.
  static func beforeFirstApply(_ object: JSONValue, _ topology: Topology) -> FieldManagers {
    let owner = Owner(manager: "before-first-apply", operation: .update, subresource: .main)
    return FieldManagers(owned: [owner: FieldWalk.fields(of: owned(part: object, .main), topology)])
  }

  /// What of an object can be owned: not its identity, nor what the server alone sets; and by a subresource only the status.
  static func owned(part object: JSONValue, _ subresource: Subresource) -> JSONValue {
    if subresource == .status { return object["status"].map { ["status": $0] } ?? [:] }
    var members = object.objectValue ?? [:]
    members["apiVersion"] = nil
    members["kind"] = nil
    var metadata = members["metadata"]?.objectValue ?? [:]
    for key in [
      "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
      "deletionGracePeriodSeconds", "generateName", "managedFields", "selfLink",
    ] {
      metadata[key] = nil
    }
    members["metadata"] = metadata.isEmpty ? nil : .object(metadata)
    return .object(members)
  }

  /// The owners after a write that is no apply: what it changed belongs to its manager and to nobody else.
  func updated(
    from old: JSONValue, to new: JSONValue, by manager: String, subresource: Subresource, topology: Topology
  ) -> FieldManagers {
    let difference = FieldWalk.difference(
      from: Self.owned(part: old, .main), to: Self.owned(part: new, .main), topology)
    guard !difference.changed.isEmpty || !difference.removed.isEmpty else { return self }
    let owner = Owner(manager: manager, operation: .update, subresource: subresource)
    var next = self
    for other in owned.keys where other != owner {
      next.owned[other]?.subtract(difference.changed)
    }
    for other in owned.keys { next.owned[other]?.subtract(difference.removed) }
    next.owned[owner, default: []].formUnion(difference.changed)
    next.dropEmpty()
    return next
  }

  mutating func dropEmpty() { owned = owned.filter { !$0.value.isEmpty } }

  /// The owners of fields other than `owner`.
  func others(than owner: Owner) -> [Owner: FieldSet] { owned.filter { $0.key != owner } }
}
