import Basics
import KubeTypes

/// Short ways to the parts of an object that the server itself reads and writes.
extension JSONValue {
  /// A member of `metadata`.
  subscript(meta key: String) -> JSONValue? {
    get { self["metadata"]?[key] }
    set { self[path: ["metadata", key]] = newValue }
  }

  func metaText(_ key: String) -> String { self["metadata"]?[key]?.stringValue ?? "" }
  var objectName: String { metaText("name") }
  var objectNamespace: String { metaText("namespace") }
  var objectUID: String { metaText("uid") }
  var isTerminating: Bool { self[meta: "deletionTimestamp"]?.stringValue != nil }
  var finalizers: [String] { self[meta: "finalizers"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
  var labels: [String: String] { (self[meta: "labels"]?.objectValue ?? [:]).compactMapValues(\.stringValue) }

  /// UIDs of the owners, in order.
  var ownerUIDs: [String] {
    self[meta: "ownerReferences"]?.arrayValue?.compactMap { $0["uid"]?.stringValue } ?? []
  }

  /// Sets the finalizers; none at all removes the member.
  mutating func setFinalizers(_ names: [String]) {
    self[meta: "finalizers"] = names.isEmpty ? nil : .array(names.map(JSONValue.string))
  }

  /// All but `metadata` and the members named: what a generation counts.
  func content(without excluded: [String]) -> [String: JSONValue] {
    var members = objectValue ?? [:]
    for key in ["metadata", "apiVersion", "kind"] + excluded { members[key] = nil }
    return members
  }

  /// True for null, and for an array or object with nothing in it.
  var isEmptyValue: Bool {
    switch self {
    case .null: true
    case .array(let items): items.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }

  /// How JSON names the type of this value in messages.
  var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int: "integer"
    case .double: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
