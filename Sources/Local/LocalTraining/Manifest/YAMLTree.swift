import Basics
import KubeTypes
import Yams

/// A YAML document as JSON, with the line of every value.
struct YAMLTree: Sendable {
  private(set) var value: JSONValue = .null
  /// Lines by path, written as the API server writes fields: `spec.hyperparameters[0].name`. The root is the empty path.
  private(set) var lines: [String: Int] = [:]
  /// Why the document cannot be JSON.
  private(set) var problems: [(line: Int?, message: String)] = []

  init(_ node: Node) { value = read(node, path: "", line: node.mark?.line) }

  /// The line of a field, or of the closest thing around it that is there.
  func line(of field: String) -> Int? {
    var path = field[...]
    while true {
      if let line = lines[String(path)] { return line }
      guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return lines[""] }
      path = path[..<end]
    }
  }

  private mutating func read(_ node: Node, path: String, line: Int?) -> JSONValue {
    lines[path] = line
    switch node {
    case .scalar(let scalar): return Self.scalar(scalar, isText: node.tag == Tag(.str))
    case .mapping(let mapping):
      var members: [String: JSONValue] = [:]
      for (key, value) in mapping {
        guard let name = key.string else {
          problems.append((key.mark?.line, "a key must be text"))
          continue
        }
        // A value's line is that of its key: a block begins one line further down.
        members[name] = read(
          value, path: path.isEmpty ? name : "\(path).\(name)", line: key.mark?.line ?? value.mark?.line)
      }
      return .object(members)
    case .sequence(let sequence):
      return .array(
        sequence.enumerated().map { read($1, path: "\(path)[\($0)]", line: $1.mark?.line) })
    case .alias:
      problems.append((line, "an alias leads nowhere"))
      return .null
    }
  }

  /// A scalar's value by the rules that kubectl follows (YAML 1.1 as go-yaml reads it, without its dates and base 60).
  private static func scalar(_ scalar: Node.Scalar, isText: Bool) -> JSONValue {
    let text = scalar.string
    if isText { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
    default: break
    }
    if let number = integer(text) { return .int(number) }
    if text.first.map({ $0.isNumber || "+-.".contains($0) }) ?? false, let number = Double(text), number.isFinite {
      return .double(number)
    }
    return .string(text)
  }

  private static func integer(_ text: String) -> Int64? {
    if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8) }
    return Int64(text)
  }
}
