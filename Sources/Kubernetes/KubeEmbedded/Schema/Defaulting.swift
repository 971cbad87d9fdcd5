import Basics
import KubeTypes

extension StructuralSchema {
  /// `value` with the schema's defaults where members are missing (or null without being nullable), at every depth.
  func defaulted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(var members):
      for (name, schema) in properties {
        let present = members[name]
        if present == nil || (present == .null && !schema.nullable) {
          guard let fallback = schema.defaultValue else { continue }
          members[name] = schema.defaulted(fallback)
        } else if let present, schema.mayDefault {
          members[name] = schema.defaulted(present)
        }
      }
      if let additional, additional.mayDefault {
        for (name, member) in members where properties[name] == nil { members[name] = additional.defaulted(member) }
      }
      return .object(members)
    case .array(let elements):
      guard let items, items.mayDefault else { return value }
      return .array(elements.map(items.defaulted))
    default: return value
    }
  }

  private var mayDefault: Bool { !properties.isEmpty || additional != nil || items != nil }
}
