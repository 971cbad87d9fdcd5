import Basics
import KubeTypes

/// Server-side apply (KEP-555; the algorithm follows structured-merge-diff's updater): the applied configuration is merged
/// into the live object, fields its manager applied before and no longer sends are removed unless somebody else owns
/// them, and a field that another manager owns at another value is a conflict unless forced.
extension ServerState {
  mutating func apply(
    _ configuration: JSONValue, _ name: String, _ target: Target, force: Bool
  ) throws(APIFailure) -> (Stored, Bool) {
    var applied = configuration
    guard applied["apiVersion"]?.stringValue != nil, applied["kind"]?.stringValue != nil else {
      throw .badRequest("apply needs apiVersion and kind in the object")
    }
    guard applied[meta: "managedFields"]?.isEmptyValue ?? true else {
      throw .badRequest("metadata.managedFields must be nil")
    }
    try checkType(&applied, target)
    let given = applied.objectName
    guard given.isEmpty || given == name else {
      throw .badRequest("the name of the object (\(given)) does not match the name on the URL (\(name))")
    }
    applied[meta: "name"] = .string(name)
    Self.cleanMetadata(&applied)
    let topology = Topology.root(target.version.schema)
    let owner = FieldManagers.Owner(manager: target.manager, operation: .apply, subresource: target.subresource)
    var part = FieldManagers.owned(part: applied, target.subresource)
    if target.subresource == .main, target.version.hasStatus { part["status"] = nil }
    let wanted = FieldWalk.fields(of: part, topology)

    guard let live = stored(target.address(name)) else {
      guard target.subresource == .main else { throw .notFound(target.subject, name) }
      applied[meta: "resourceVersion"] = nil
      return (try create(applied, target, managers: FieldManagers(owned: [owner: wanted])), true)
    }
    let old = live.value(as: target.apiVersion)
    var managers = live.managers ?? .beforeFirstApply(old, topology)
    var next = ApplyMerge.merged(old, part, topology)

    let others = managers.others(than: owner)
    let dropped = (managers.owned[owner] ?? []).subtracting(wanted)
    if !dropped.isEmpty {
      let kept = others.values.reduce(into: wanted) { $0.formUnion($1) }
      next = ApplyMerge.removing(dropped, keeping: kept, from: next, topology) ?? next
    }

    let changed = FieldWalk.difference(
      from: FieldManagers.owned(part: old, .main), to: FieldManagers.owned(part: next, .main), topology)
    let conflicts = others.compactMapValues { fields in
      let contested = fields.intersection(changed.changed).intersection(wanted)
      return contested.isEmpty ? nil : contested
    }
    if !conflicts.isEmpty, !force { throw Self.conflict(conflicts, target, name) }
    for (other, fields) in conflicts { managers.owned[other]?.subtract(fields) }
    for other in managers.owned.keys { managers.owned[other]?.subtract(changed.removed) }
    managers.owned[owner] = wanted
    managers.dropEmpty()
    let seen = applied.metaText("resourceVersion")
    next[meta: "resourceVersion"] = seen.isEmpty ? old[meta: "resourceVersion"] : .string(seen)
    return (try update(live, to: next, target, managers: managers), false)
  }

  private static func conflict(
    _ conflicts: [FieldManagers.Owner: FieldSet], _ target: Target, _ name: String
  ) -> APIFailure {
    let causes = conflicts.flatMap { owner, fields in
      fields.map { field in
        StatusCause(reason: "FieldManagerConflict", message: "conflict with \(owner.text)", field: field.text)
      }
    }.sorted { ($0.field ?? "", $0.message ?? "") < ($1.field ?? "", $1.message ?? "") }
    let noun = causes.count == 1 ? "conflict" : "conflicts"
    let list = causes.map { "\($0.message ?? ""): \($0.field ?? "")" }.joined(separator: "; ")
    return APIFailure(
      409, .conflict, "Apply failed with \(causes.count) \(noun): \(list)",
      details: StatusDetails(causes: causes))
  }
}
