import Basics
import KubeTypes

extension Schema {
  /// The schema as `openAPIV3Schema` has it.
  /// - Parameter cel: whether CEL rules are written; servers before 1.25 do not know them, and what validates a CRD for
  ///   such a server (kubectl, server-side apply) refuses them as an unknown field.
  package func json(cel: Bool) -> JSONValue {
    var members: [String: JSONValue] = [:]
    if !description.isEmpty { members["description"] = .string(description) }
    func whole(_ value: Int) -> JSONValue { .int(Int64(value)) }

    switch shape {
    case .object(let properties):
      members["type"] = "object"
      if !properties.isEmpty {
        members["properties"] = .object(
          Dictionary(properties.map { ($0.name, $0.schema.json(cel: cel)) }, uniquingKeysWith: { first, _ in first }))
      }
      let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
      if !required.isEmpty { members["required"] = .array(required) }
    case .map(let values, let count):
      members["type"] = "object"
      members["additionalProperties"] = values.json(cel: cel)
      if count.lowerBound > 0 { members["minProperties"] = whole(count.lowerBound) }
      members["maxProperties"] = whole(count.upperBound)
    case .list(let items, let type, let count):
      members["type"] = "array"
      members["items"] = items.json(cel: cel)
      if count.lowerBound > 0 { members["minItems"] = whole(count.lowerBound) }
      members["maxItems"] = whole(count.upperBound)
      switch type {
      case .atomic: members["x-kubernetes-list-type"] = "atomic"
      case .set: members["x-kubernetes-list-type"] = "set"
      case .map(let keys):
        members["x-kubernetes-list-type"] = "map"
        members["x-kubernetes-list-map-keys"] = .array(keys.map(JSONValue.string))
      }
    case .string(let rule):
      members["type"] = "string"
      if rule.values.isEmpty {
        if rule.length.lowerBound > 0 { members["minLength"] = whole(rule.length.lowerBound) }
        members["maxLength"] = whole(rule.length.upperBound)
      } else {
        members["enum"] = .array(rule.values.map(JSONValue.string))
      }
      if let pattern = rule.pattern { members["pattern"] = .string(pattern) }
      if let format = rule.format { members["format"] = .string(format) }
    case .integer(let range, let format):
      members["type"] = "integer"
      members["format"] = .string(format.rawValue)
      members["minimum"] = whole(range.lowerBound)
      members["maximum"] = whole(range.upperBound)
    case .boolean:
      members["type"] = "boolean"
    case .intOrString(let pattern):
      members["x-kubernetes-int-or-string"] = true
      members["anyOf"] = [["type": "integer"], ["type": "string"]]
      members["pattern"] = .string(pattern)
    case .serverString:
      members["type"] = "string"
    case .anyObject:
      members["type"] = "object"
      members["x-kubernetes-preserve-unknown-fields"] = true
    }

    if isAtomic { members["x-kubernetes-map-type"] = "atomic" }
    if let defaultValue { members["default"] = defaultValue }
    if cel, !rules.isEmpty {
      members["x-kubernetes-validations"] = .array(
        rules.map { ["rule": .string($0.rule), "message": .string($0.message)] })
    }
    return .object(members)
  }
}
