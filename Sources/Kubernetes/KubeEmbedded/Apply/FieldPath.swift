import Basics
import KubeTypes

/// One step to a field (structured-merge-diff's `PathElement`).
enum PathElement: Sendable, Hashable {
  case member(String)
  /// The item of a keyed list with these key members.
  case item([String: JSONValue])
  /// The item of a set that has this value.
  case value(JSONValue)
}

/// The place of a field in an object, such that an item of a list keeps its place when others come and go.
struct FieldPath: Sendable, Hashable {
  var elements: [PathElement] = []

  func appending(_ element: PathElement) -> FieldPath { FieldPath(elements: elements + [element]) }
  func isWithin(_ other: FieldPath) -> Bool { elements.starts(with: other.elements) }

  /// As conflicts are reported: `.spec.ports[containerPort=80].name`.
  var text: String {
    elements.map { element in
      switch element {
      case .member(let name): ".\(name)"
      case .item(let keys):
        "["
          + keys.sorted { $0.key < $1.key }.map { "\($0.key)=\(JSONWriter.text($0.value))" }.joined(separator: ",")
          + "]"
      case .value(let value): "[=\(JSONWriter.text(value))]"
      }
    }.joined()
  }
}

typealias FieldSet = Set<FieldPath>

/// Computes which fields a tree sets, and which differ between two trees.
enum FieldWalk {
  /// All fields of a tree: its scalars, its atomic lists and maps, empty maps, and the items of keyed lists and sets.
  static func fields(of value: JSONValue, _ topology: Topology, at path: FieldPath = FieldPath()) -> FieldSet {
    var fields: FieldSet = []
    collect(value, topology, path, into: &fields)
    return fields
  }

  private static func collect(_ value: JSONValue, _ topology: Topology, _ path: FieldPath, into fields: inout FieldSet)
  {
    switch value {
    case .object(let members) where !topology.hasAtomicMap:
      if members.isEmpty, !path.elements.isEmpty { fields.insert(path) }
      for (name, member) in members {
        collect(member, topology.member(name), path.appending(.member(name)), into: &fields)
      }
    case .array(let items):
      switch topology.listType {
      case .atomic: fields.insert(path)
      case .set: for item in items { fields.insert(path.appending(.value(item))) }
      case .map(let keys):
        for item in items {
          let place = path.appending(.item(topology.identity(of: item, keys: keys)))
          fields.insert(place)
          collect(item, topology.item, place, into: &fields)
        }
      }
    default: fields.insert(path)
    }
  }

  /// Fields that `new` sets otherwise than `old`, and fields of `old` that `new` lacks.
  static func difference(
    from old: JSONValue?, to new: JSONValue?, _ topology: Topology, at path: FieldPath = FieldPath()
  ) -> (changed: FieldSet, removed: FieldSet) {
    if old == new { return ([], []) }
    guard let old else { return (new.map { fields(of: $0, topology, at: path) } ?? [], []) }
    guard let new else { return ([], fields(of: old, topology, at: path)) }
    var changed: FieldSet = []
    var removed: FieldSet = []
    func descend(_ left: JSONValue?, _ right: JSONValue?, _ place: Topology, _ element: PathElement) {
      let inner = difference(from: left, to: right, place, at: path.appending(element))
      changed.formUnion(inner.changed)
      removed.formUnion(inner.removed)
    }
    switch (old, new) {
    case (.object(let left), .object(let right)) where !topology.hasAtomicMap:
      for name in Set(left.keys).union(right.keys) {
        descend(left[name], right[name], topology.member(name), .member(name))
      }
    case (.array(let left), .array(let right)):
      switch topology.listType {
      case .atomic: changed.insert(path)
      case .set:
        for item in right where !left.contains(item) { changed.insert(path.appending(.value(item))) }
        for item in left where !right.contains(item) { removed.insert(path.appending(.value(item))) }
      case .map(let keys):
        let before = index(left, keys, topology)
        let after = index(right, keys, topology)
        for key in Set(before.keys).union(after.keys) {
          descend(before[key], after[key], topology.item, .item(key))
          let place = path.appending(.item(key))
          if before[key] == nil { changed.insert(place) }
          if after[key] == nil { removed.insert(place) }
        }
      }
    default:
      changed = fields(of: new, topology, at: path)
      removed = fields(of: old, topology, at: path).subtracting(changed)
    }
    return (changed, removed)
  }

  static func index(
    _ items: [JSONValue], _ keys: [String], _ topology: Topology
  ) -> [[String: JSONValue]: JSONValue] {
    Dictionary(items.map { (topology.identity(of: $0, keys: keys), $0) }, uniquingKeysWith: { first, _ in first })
  }
}
