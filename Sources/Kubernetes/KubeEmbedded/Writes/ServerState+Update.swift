import Basics
import KubeTypes

extension ServerState {
  /// PUT: replaces an object, or its status.
  mutating func replace(_ name: String, with body: JSONValue, _ target: Target) throws(APIFailure) -> Stored {
    var proposed = body
    try checkType(&proposed, target)
    guard let live = stored(target.address(name)) else {
      // A lease may be created by PUT, as its storage in the real server allows.
      if target.type.id.plural == "leases", target.subresource == .main { return try create(proposed, target) }
      throw .notFound(target.subject, name)
    }
    if proposed.metaText("resourceVersion").isEmpty, !target.type.allowsUnconditionalUpdate {
      throw .invalid(
        target.subject, name,
        [
          FieldError(
            field: "metadata.resourceVersion", reason: .invalid,
            text: "Invalid value: 0x0: must be specified for an update")
        ])
    }
    return try update(live, to: proposed, target)
  }

  /// Writes a new state over a stored one: what PUT and every kind of patch end in.
  /// - Parameter managers: field owners after a server-side apply; nil has them follow from what changed.
  /// - Returns: the stored object; the old one where nothing changed.
  mutating func update(
    _ live: Stored, to proposed: JSONValue, _ target: Target, managers: FieldManagers? = nil
  ) throws(APIFailure) -> Stored {
    let old = live.value(as: target.apiVersion)
    let name = old.objectName
    var next = proposed
    try checkType(&next, target)
    try keepIdentity(&next, of: old, target)
    isolate(&next, from: old, target)
    let custom = try applyRules(&next, replacing: old, target)
    if target.type.tracksGeneration {
      let excluded = target.version.hasStatus ? ["status"] : []
      let generation = old[meta: "generation"]?.intValue ?? 1
      let changed = next.content(without: excluded) != old.content(without: excluded)
      next[meta: "generation"] = .int(changed ? generation + 1 : generation)
    }
    let owners =
      managers
      ?? live.managers?.updated(
        from: old, to: next, by: target.manager, subresource: target.subresource, topology: .root(target.version.schema)
      )
    let address = target.address(name)
    if next.isTerminating, next.finalizers.isEmpty, (next[meta: "deletionGracePeriodSeconds"]?.intValue ?? 0) == 0,
      target.type.rules != .namespace
    {
      return destroy(address, last: next) ?? live
    }
    if next == old, owners == live.managers { return live }
    let written = store(next, at: address, managers: owners)
    if let custom { serve(custom) }
    if target.type.rules == .namespace { finishNamespaceDeletion(name) }
    finishForegroundDeletion(address)
    collectIfOwnerless(address)
    return written
  }

  /// Metadata that a client may not change, and the versions it must have seen.
  private func keepIdentity(_ next: inout JSONValue, of old: JSONValue, _ target: Target) throws(APIFailure) {
    let name = old.objectName
    let given = next.objectName
    guard given.isEmpty || given == name else {
      throw .badRequest("the name of the object (\(given)) does not match the name on the URL (\(name))")
    }
    let namespace = next.objectNamespace
    guard namespace.isEmpty || namespace == old.objectNamespace else {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
    let seen = next.metaText("resourceVersion")
    guard seen.isEmpty || seen == old.metaText("resourceVersion") else {
      throw .conflict(target.subject, name, APIFailure.staleText)
    }
    let uid = next.objectUID
    guard uid.isEmpty || uid == old.objectUID else {
      throw .conflict(
        target.subject, name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(old.objectUID)")
    }
    var frozen: [FieldError] = []
    for key in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
      guard let given = next[meta: key], given != .null, given != old[meta: key] else { continue }
      frozen.append(.invalid("metadata.\(key)", given, "field is immutable"))
    }
    guard frozen.isEmpty else { throw .invalid(target.subject, name, frozen) }
    for key in [
      "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
      "deletionGracePeriodSeconds", "generateName",
    ] {
      next[meta: key] = old[meta: key]
    }
    next[meta: "managedFields"] = nil
    next[meta: "selfLink"] = nil
    if old.isTerminating {
      let added = next.finalizers.filter { !old.finalizers.contains($0) }
      guard added.isEmpty else {
        throw .invalid(
          target.subject, name,
          [
            .forbidden(
              "metadata.finalizers",
              "no new finalizers can be added if the object is being deleted, found new finalizers \(added)")
          ])
      }
    }
  }

  /// The main resource leaves the status alone, and the status subresource all else.
  private func isolate(_ next: inout JSONValue, from old: JSONValue, _ target: Target) {
    guard target.subresource == .status else {
      if target.version.hasStatus { next["status"] = old["status"] }
      return
    }
    var isolated = old
    isolated["status"] = next["status"]
    if target.type.rules != .custom {
      // Built-in kinds take labels and annotations along with a status.
      for key in ["labels", "annotations", "finalizers"] { isolated[meta: key] = next[meta: key] }
    }
    next = isolated
  }
}
