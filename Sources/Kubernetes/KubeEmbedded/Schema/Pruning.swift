import Basics
import KubeTypes

extension StructuralSchema {
  /// `value` without the members the schema does not know.
  ///
  /// `apiVersion`, `kind` and `metadata` stay at the root and wherever a whole object is embedded.
  func pruned(_ value: JSONValue, isRoot: Bool = true) -> JSONValue {
    switch value {
    case .object(var members):
      for (name, member) in members {
        if (isRoot || isEmbeddedObject) && (name == "apiVersion" || name == "kind" || name == "metadata") { continue }
        if let schema = properties[name] ?? additional {
          members[name] = schema.pruned(member, isRoot: false)
        } else if !preservesUnknown {
          members[name] = nil
        }
      }
      return .object(members)
    case .array(let elements):
      guard let items else { return value }
      return .array(elements.map { items.pruned($0, isRoot: false) })
    default: return value
    }
  }
}
