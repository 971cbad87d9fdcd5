import Basics
import KubeTypes

/// The tree operations of server-side apply.
enum ApplyMerge {
  /// `live` with everything `applied` sets; lists merge by the topology.
  static func merged(_ live: JSONValue?, _ applied: JSONValue, _ topology: Topology) -> JSONValue {
    guard let live else { return applied }
    switch (live, applied) {
    case (.object(var members), .object(let changes)) where !topology.hasAtomicMap:
      for (name, change) in changes { members[name] = merged(members[name], change, topology.member(name)) }
      return .object(members)
    case (.array(let items), .array(let changes)):
      switch topology.listType {
      case .atomic: return applied
      case .set: return .array(items + changes.filter { !items.contains($0) })
      case .map(let keys):
        var result = items
        for change in changes {
          let identity = topology.identity(of: change, keys: keys)
          if let index = result.firstIndex(where: { topology.identity(of: $0, keys: keys) == identity }) {
            result[index] = merged(result[index], change, topology.item)
          } else {
            result.append(change)
          }
        }
        return .array(result)
      }
    default: return applied
    }
  }

  /// `value` without the fields of `dropped`; a field stays where anything in `kept` lies at or below it. Maps and
  /// lists that become empty by it go as well.
  static func removing(
    _ dropped: FieldSet, keeping kept: FieldSet, from value: JSONValue, _ topology: Topology,
    at path: FieldPath = FieldPath()
  ) -> JSONValue? {
    func isDropped(_ place: FieldPath) -> Bool {
      dropped.contains(place) && !kept.contains { $0.isWithin(place) }
    }
    func concerns(_ place: FieldPath) -> Bool { dropped.contains { $0.isWithin(place) } }
    guard concerns(path) else { return value }
    switch value {
    case .object(let members) where !topology.hasAtomicMap:
      var result: [String: JSONValue] = [:]
      for (name, member) in members {
        let place = path.appending(.member(name))
        if isDropped(place) { continue }
        result[name] = removing(dropped, keeping: kept, from: member, topology.member(name), at: place)
      }
      if result.isEmpty, !members.isEmpty, !path.elements.isEmpty { return nil }
      return .object(result)
    case .array(let items):
      let result = remaining(dropped, kept, items, topology, path, isDropped)
      return result.isEmpty && !items.isEmpty ? nil : .array(result)
    default:
      // Not as a conditional expression: there `nil` would become JSON's null.
      if isDropped(path) { return nil }
      return value
    }
  }

  private static func remaining(
    _ dropped: FieldSet, _ kept: FieldSet, _ items: [JSONValue], _ topology: Topology, _ path: FieldPath,
    _ isDropped: (FieldPath) -> Bool
  ) -> [JSONValue] {
    switch topology.listType {
    case .atomic: return isDropped(path) ? [] : items
    case .set: return items.filter { !isDropped(path.appending(.value($0))) }
    case .map(let keys):
      return items.compactMap { item in
        let place = path.appending(.item(topology.identity(of: item, keys: keys)))
        if isDropped(place) { return nil }
        return removing(dropped, keeping: kept, from: item, topology.item, at: place)
      }
    }
  }
}
