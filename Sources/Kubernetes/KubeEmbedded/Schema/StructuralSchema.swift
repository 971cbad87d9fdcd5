import Basics
import KubeTypes

/// A structural schema (apiextensions.k8s.io/v1 `openAPIV3Schema`), read once when its definition is installed.
final class StructuralSchema: Sendable {
  enum ListType: Sendable, Equatable {
    case atomic, set
    /// Items are told apart by these members.
    case map(keys: [String])
  }

  let type: String?
  let properties: [String: StructuralSchema]
  /// The schema of members that `properties` does not name; nil where they are pruned.
  let additional: StructuralSchema?
  let items: StructuralSchema?
  let required: [String]
  let defaultValue: JSONValue?
  let allowed: [JSONValue]
  let nullable: Bool
  let preservesUnknown: Bool
  let intOrString: Bool
  let isEmbeddedObject: Bool
  let listType: ListType
  let hasAtomicMap: Bool
  let bounds: ValueBounds
  let allOf: [StructuralSchema]
  let anyOf: [StructuralSchema]
  let oneOf: [StructuralSchema]
  let not: StructuralSchema?
  let rules: [ValidationRule]
  /// Whether this schema or one below it has rules.
  let hasRules: Bool

  /// - Parameter field: the path of the schema in its definition, for messages.
  /// - Throws: the field that is no part of a structural schema, or a pattern that is no regular expression.
  init(_ tree: JSONValue, at field: String) throws(FieldError) {
    guard case .object = tree else { throw .invalid(field, tree, "must be an object") }
    type = tree["type"]?.stringValue
    var properties: [String: StructuralSchema] = [:]
    for (name, member) in tree["properties"]?.objectValue ?? [:] {
      properties[name] = try StructuralSchema(member, at: "\(field).properties[\(name)]")
    }
    self.properties = properties
    additional =
      switch tree["additionalProperties"] {
      case .object(let members): try StructuralSchema(.object(members), at: "\(field).additionalProperties")
      case .bool(true): try StructuralSchema(["x-kubernetes-preserve-unknown-fields": true], at: field)
      default: nil
      }
    if let member = tree["items"] {
      items = try StructuralSchema(member, at: "\(field).items")
    } else {
      items = nil
    }
    required = tree["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    defaultValue = tree["default"]
    allowed = tree["enum"]?.arrayValue ?? []
    nullable = tree["nullable"]?.boolValue ?? false
    preservesUnknown = tree["x-kubernetes-preserve-unknown-fields"]?.boolValue ?? false
    intOrString = tree["x-kubernetes-int-or-string"]?.boolValue ?? false
    isEmbeddedObject = tree["x-kubernetes-embedded-resource"]?.boolValue ?? false
    hasAtomicMap = tree["x-kubernetes-map-type"]?.stringValue == "atomic"
    listType =
      switch tree["x-kubernetes-list-type"]?.stringValue {
      case "set": .set
      case "map":
        .map(keys: tree["x-kubernetes-list-map-keys"]?.arrayValue?.compactMap(\.stringValue) ?? [])
      default: .atomic
      }
    bounds = try ValueBounds(tree, at: field)
    allOf = try Self.list(tree, "allOf", field)
    anyOf = try Self.list(tree, "anyOf", field)
    oneOf = try Self.list(tree, "oneOf", field)
    if let member = tree["not"] {
      not = try StructuralSchema(member, at: "\(field).not")
    } else {
      not = nil
    }
    var rules: [ValidationRule] = []
    for (position, rule) in (tree["x-kubernetes-validations"]?.arrayValue ?? []).enumerated() {
      rules.append(try ValidationRule(rule, at: "\(field).x-kubernetes-validations[\(position)]"))
    }
    self.rules = rules
    hasRules =
      !rules.isEmpty || properties.values.contains(where: \.hasRules) || additional?.hasRules ?? false
      || items?.hasRules ?? false
  }

  private static func list(
    _ tree: JSONValue, _ key: String, _ field: String
  ) throws(FieldError) -> [StructuralSchema] {
    var schemas: [StructuralSchema] = []
    for (position, member) in (tree[key]?.arrayValue ?? []).enumerated() {
      schemas.append(try StructuralSchema(member, at: "\(field).\(key)[\(position)]"))
    }
    return schemas
  }

  /// The schema of a member; nil where nothing is known of it.
  func member(_ name: String) -> StructuralSchema? { properties[name] ?? additional }
}
