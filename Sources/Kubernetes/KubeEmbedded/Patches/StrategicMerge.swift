import Basics
import KubeTypes

/// Kubernetes' strategic merge patch (community/contributors/devel/sig-api-machinery/strategic-merge-patch.md): as a
/// merge patch, but lists that have a key merge item by item; `$patch: delete|replace`, `$deleteFromPrimitiveList/…`
/// and `$retainKeys` are understood, `$setElementOrder/…` is accepted and ignored.
enum StrategicMerge {
  static func apply(_ patch: JSONValue, to target: JSONValue, _ topology: Topology) -> JSONValue {
    guard case .object(var changes) = patch else { return patch }
    switch changes.removeValue(forKey: "$patch")?.stringValue {
    case "replace": return .object(changes)
    case "delete": return [:]
    default: break
    }
    var members = target.objectValue ?? [:]
    if let retained = changes.removeValue(forKey: "$retainKeys")?.arrayValue?.compactMap(\.stringValue) {
      members = members.filter { retained.contains($0.key) }
    }
    for (name, change) in changes {
      if let list = directive("$deleteFromPrimitiveList/", name) {
        let removed = change.arrayValue ?? []
        members[list] = members[list]?.arrayValue.map { .array($0.filter { !removed.contains($0) }) }
        continue
      }
      if directive("$setElementOrder/", name) != nil { continue }
      members[name] = merged(change, members[name], topology.member(name))
    }
    return .object(members)
  }

  private static func directive(_ prefix: String, _ name: String) -> String? {
    name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
  }

  private static func merged(_ change: JSONValue, _ current: JSONValue?, _ topology: Topology) -> JSONValue? {
    switch change {
    case .null: return nil
    case .object: return apply(change, to: current ?? .null, topology)
    case .array(let items):
      switch topology.listType {
      case .atomic: return change
      case .set: return .array(union(current?.arrayValue ?? [], items))
      // The patch's merge key is the first of the keys that server-side apply tells items apart by.
      case .map(let keys):
        return .array(merge(items, into: current?.arrayValue ?? [], key: keys.first ?? "name", topology.item))
      }
    default: return change
    }
  }

  private static func union(_ current: [JSONValue], _ added: [JSONValue]) -> [JSONValue] {
    current + added.filter { !current.contains($0) }
  }

  private static func merge(
    _ changes: [JSONValue], into current: [JSONValue], key: String, _ topology: Topology
  ) -> [JSONValue] {
    if changes.contains(where: { $0["$patch"] == "replace" }) {
      return changes.filter { $0["$patch"] != "replace" }
    }
    var result = current
    for change in changes {
      let index = result.firstIndex { $0[key] != nil && $0[key] == change[key] }
      if change["$patch"] == "delete" {
        if let index { result.remove(at: index) }
      } else if let index {
        result[index] = apply(change, to: result[index], topology)
      } else {
        result.append(apply(change, to: .null, topology))
      }
    }
    return result
  }
}
