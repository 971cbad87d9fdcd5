import Basics
import CommandLineKit
import FleetAPI
import KubeTypes

/// One object of a file.
package struct ManifestObject: Sendable {
  package let file: String
  package let definition: ResourceDefinition
  package var content: JSONValue
  private let tree: YAMLTree

  init(file: String, definition: ResourceDefinition, tree: YAMLTree) {
    self.file = file
    self.definition = definition
    self.tree = tree
    content = tree.value
  }

  package var name: String { content[path: ["metadata", "name"]]?.stringValue ?? "" }
  package var namespace: String { content[path: ["metadata", "namespace"]]?.stringValue ?? "default" }
  /// The line that the object begins on.
  package var line: Int? { tree.line(of: "") }
  /// `TrainingJob iris`.
  package var title: String { "\(definition.kind) \(name)" }

  /// An error about a field of this object.
  package func error(at field: String, _ message: String) -> ManifestError {
    ManifestError(file: file, line: tree.line(of: field), message: message)
  }
}

/// The kinds that a file may hold.
enum ManifestKinds {
  static let all: [ResourceDefinition] = [
    TrainingJob.definition, WorkerPool.definition, Namespace.definition,
    ResourceDefinition(group: "", version: "v1", plural: "secrets", kind: "Secret"),
    ResourceDefinition(group: "", version: "v1", plural: "configmaps", kind: "ConfigMap"),
  ]

  /// The kind's definition, or what is wrong and in which field.
  static func find(apiVersion: String, kind: String) -> Result<ResourceDefinition, FieldProblem> {
    guard let definition = all.first(where: { $0.kind == kind }) else {
      let names = all.map(\.kind)
      return .failure(
        FieldProblem(
          field: "kind",
          message: "unknown kind \"\(kind)\"\(Suggestion.text(for: kind, among: names)); known are "
            + names.joined(separator: ", ")))
    }
    guard definition.apiVersion == apiVersion else {
      return .failure(
        FieldProblem(
          field: "apiVersion",
          message: "unknown apiVersion \"\(apiVersion)\" for \(kind); it must be \(definition.apiVersion)"))
    }
    return .success(definition)
  }
}

/// What is wrong with one field of an object.
struct FieldProblem: Error, Sendable, Hashable {
  var field: String
  var message: String
}
