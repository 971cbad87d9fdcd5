import Basics
import CommandLineKit
import FleetAPI
import KubeTypes

/// Finds the fields of a custom resource that its schema does not have. The API server drops them in silence; a person who
/// wrote `epoch: 5` wants to hear of it.
struct UnknownFields: Sendable {
  private let schemas: [String: JSONValue]

  /// - Parameter definitions: CustomResourceDefinitions of one version each.
  init(_ definitions: [JSONValue]) {
    var schemas: [String: JSONValue] = [:]
    for definition in definitions {
      let kind = definition[path: ["spec", "names", "kind"]]?.stringValue ?? ""
      schemas[kind] = definition["spec"]?["versions"]?.arrayValue?.first?[path: ["schema", "openAPIV3Schema"]]
    }
    self.schemas = schemas
  }

  /// Problems of an object; none for a kind without a schema.
  func problems(in content: JSONValue, kind: String) -> [FieldProblem] {
    guard let schema = schemas[kind] else { return [] }
    var problems: [FieldProblem] = []
    for key in ["spec", "status"] {
      guard let value = content[key], let part = schema["properties"]?[key] else { continue }
      Self.check(value, part, path: key, &problems)
    }
    let known = ["apiVersion", "kind", "metadata", "spec", "status"]
    for key in (content.objectValue ?? [:]).keys.sorted() where !known.contains(key) {
      problems.append(Self.unknown(key, path: key, among: known))
    }
    return problems
  }

  private static func check(_ value: JSONValue, _ schema: JSONValue, path: String, _ problems: inout [FieldProblem]) {
    switch value {
    case .object(let members):
      guard let properties = schema["properties"]?.objectValue else {
        guard let values = schema["additionalProperties"], values.objectValue != nil else { return }
        for (key, member) in members.sorted(by: { $0.key < $1.key }) {
          check(member, values, path: "\(path).\(key)", &problems)
        }
        return
      }
      let isOpen = schema["x-kubernetes-preserve-unknown-fields"]?.boolValue ?? false
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        if let property = properties[key] {
          check(member, property, path: "\(path).\(key)", &problems)
        } else if !isOpen {
          problems.append(unknown(key, path: "\(path).\(key)", among: properties.keys.sorted()))
        }
      }
    case .array(let items):
      guard let schema = schema["items"] else { return }
      for (index, item) in items.enumerated() { check(item, schema, path: "\(path)[\(index)]", &problems) }
    case .null, .bool, .int, .double, .string: return
    }
  }

  private static func unknown(_ key: String, path: String, among known: [String]) -> FieldProblem {
    FieldProblem(
      field: path, message: "\(path): there is no such field\(Suggestion.text(for: key, among: known))")
  }
}
