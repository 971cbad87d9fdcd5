import Basics
import FleetAPI
import Foundation
import KubeTypes
import Yams

/// Reads the objects of YAML files, several documents a file.
package enum ManifestReader {
  /// Reads files in order; `-` is standard input.
  /// - Throws: ``ManifestErrors`` with all that is wrong: unreadable files, broken YAML, unknown kinds and fields.
  package static func read(files: [String]) throws(ManifestErrors) -> [ManifestObject] {
    var objects: [ManifestObject] = []
    var errors: [ManifestError] = []
    for file in files {
      do throws(ManifestErrors) {
        objects += try read(text: try content(of: file), file: file)
      } catch { errors += error.errors }
    }
    if errors.isEmpty {
      do throws(ManifestErrors) { return try withoutRepetitions(objects) } catch { errors = error.errors }
    }
    throw ManifestErrors(errors)
  }

  /// Reads the objects of one text.
  package static func read(text: String, file: String) throws(ManifestErrors) -> [ManifestObject] {
    let documents = try documents(in: text, file: file)
    let unknownFields = UnknownFields(CustomResourceDefinitions.all(cel: false))
    var objects: [ManifestObject] = []
    var errors: [ManifestError] = []
    for tree in documents {
      switch object(tree, file: file) {
      case .failure(let error): errors += error.errors
      case .success(let object):
        errors += unknownFields.problems(in: object.content, kind: object.definition.kind)
          .map { object.error(at: $0.field, $0.message) }
        objects.append(object)
      }
    }
    if documents.isEmpty { errors.append(ManifestError(file: file, message: "there are no objects in it")) }
    guard errors.isEmpty else { throw ManifestErrors(errors) }
    return objects
  }

  private static func content(of file: String) throws(ManifestErrors) -> String {
    do {
      let data =
        file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(filePath: file))
      guard let text = String(data: data, encoding: .utf8) else {
        throw ManifestErrors([ManifestError(file: file, message: "it is no UTF-8 text")])
      }
      return text
    } catch let error as ManifestErrors {
      throw error
    } catch {
      throw ManifestErrors([ManifestError(file: file, message: reason(of: error, file))])
    }
  }

  private static func reason(of error: any Error, _ file: String) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory) else {
      return "there is no such file"
    }
    return isDirectory.boolValue ? "it is a directory; name the YAML files in it" : "it cannot be read"
  }

  private static func documents(in text: String, file: String) throws(ManifestErrors) -> [YAMLTree] {
    do {
      var trees: [YAMLTree] = []
      var nodes = try compose_all(yaml: text)
      while let node = nodes.next() {
        let tree = YAMLTree(node)
        if tree.value != .null { trees.append(tree) }
      }
      if let error = nodes.error { throw error }
      return trees
    } catch {
      throw ManifestErrors([problem(error, text, file)])
    }
  }

  private static func problem(_ error: any Error, _ text: String, _ file: String) -> ManifestError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let where_ = context.map { " \($0.text.trimmingCharacters(in: .whitespaces))" } ?? ""
      // Where the text ends too early the parser points behind its last line.
      let last = lastLine(of: text)
      return ManifestError(
        file: file, line: min(mark.line, last), message: "this is no YAML: \(problem)\(where_)")
    case .duplicatedKeysInMapping(let keys, let context):
      return ManifestError(
        file: file, line: context.mark.line,
        message: "\(keys.map { "\"\($0)\"" }.joined(separator: ", ")) is given more than once")
    case .reader(let problem, let offset, _, _):
      let line = offset.map { text.utf8.prefix($0).count(where: { $0 == UInt8(ascii: "\n") }) + 1 }
      return ManifestError(file: file, line: line, message: "this is no YAML: \(problem)")
    default:
      return ManifestError(file: file, message: "this is no YAML: \(error)")
    }
  }

  /// The number of the last line that is not empty.
  private static func lastLine(of text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.lastIndex { !$0.isEmpty } ?? 0) + 1
  }

  private static func object(_ tree: YAMLTree, file: String) -> Result<ManifestObject, ManifestErrors> {
    func failure(_ field: String, _ message: String) -> Result<ManifestObject, ManifestErrors> {
      .failure(ManifestErrors([ManifestError(file: file, line: tree.line(of: field), message: message)]))
    }
    if !tree.problems.isEmpty {
      return .failure(
        ManifestErrors(tree.problems.map { ManifestError(file: file, line: $0.line, message: $0.message) }))
    }
    guard tree.value.objectValue != nil else {
      return failure("", "a document must be an object with apiVersion, kind, metadata and spec")
    }
    guard let kind = tree.value["kind"]?.stringValue else { return failure("kind", "kind is missing or no text") }
    guard let version = tree.value["apiVersion"]?.stringValue else {
      return failure("apiVersion", "apiVersion is missing or no text")
    }
    let definition: ResourceDefinition
    switch ManifestKinds.find(apiVersion: version, kind: kind) {
    case .failure(let problem): return failure(problem.field, problem.message)
    case .success(let found): definition = found
    }
    let object = ManifestObject(file: file, definition: definition, tree: tree)
    guard tree.value[path: ["metadata", "name"]]?.stringValue?.isEmpty == false else {
      return failure("metadata.name", "metadata.name is missing or no text")
    }
    return .success(object)
  }

  /// Drops objects that were given before, word for word: samples that share a pool each bring it along.
  static func withoutRepetitions(_ objects: [ManifestObject]) throws(ManifestErrors) -> [ManifestObject] {
    var unique: [ManifestObject] = []
    var errors: [ManifestError] = []
    for object in objects {
      let isSame = { (other: ManifestObject) in
        other.definition == object.definition && other.name == object.name && other.namespace == object.namespace
      }
      guard let earlier = unique.first(where: isSame) else {
        unique.append(object)
        continue
      }
      if earlier.content == object.content { continue }
      let place = earlier.line.map { "\(earlier.file):\($0)" } ?? earlier.file
      errors.append(
        object.error(at: "metadata.name", "\(object.title) differs from the one at \(place); give it another name"))
    }
    guard errors.isEmpty else { throw ManifestErrors(errors) }
    return unique
  }
}
