import Basics
import KubeTypes

/// Writes JSON values as block YAML: one form for each value, so that generated files can be compared byte by byte.
package enum YAMLWriter {
  /// `value` as a YAML document that ends in a newline. Members are sorted, but for those that readers look for first.
  package static func document(_ value: JSONValue) -> String {
    var lines: [String] = []
    switch value {
    case .object(let members) where !members.isEmpty: write(members, indent: 0, into: &lines)
    case .array(let items) where !items.isEmpty: write(items, indent: 0, into: &lines)
    default: lines.append(scalar(value))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let firstKeys = ["apiVersion", "kind", "metadata", "name", "spec"]
  /// Longer texts are folded.
  private static let lineLength = 100

  private static func write(_ members: [String: JSONValue], indent: Int, into lines: inout [String]) {
    let first = firstKeys.filter { members[$0] != nil }
    let rest = members.keys.filter { !firstKeys.contains($0) }.sorted()
    for key in first + rest {
      guard let value = members[key] else { continue }
      write("\(spaces(indent))\(plainOrQuoted(key)):", value, indent: indent, into: &lines)
    }
  }

  private static func write(_ items: [JSONValue], indent: Int, into lines: inout [String]) {
    for item in items {
      switch item {
      case .object(let members) where !members.isEmpty:
        // The first member stands on the dash's line.
        let start = lines.count
        write(members, indent: indent + 2, into: &lines)
        lines[start] = spaces(indent) + "- " + lines[start].dropFirst(indent + 2)
      case .array(let inner) where !inner.isEmpty:
        lines.append(spaces(indent) + "-")
        write(inner, indent: indent + 2, into: &lines)
      default: write("\(spaces(indent))-", item, indent: indent, into: &lines)
      }
    }
  }

  /// A value after `prefix`, which is a key or a dash.
  private static func write(_ prefix: String, _ value: JSONValue, indent: Int, into lines: inout [String]) {
    switch value {
    case .object(let members) where !members.isEmpty:
      lines.append(prefix)
      write(members, indent: indent + 2, into: &lines)
    case .array(let items) where !items.isEmpty:
      lines.append(prefix)
      write(items, indent: indent, into: &lines)
    case .string(let text) where prefix.count + text.count > lineLength && isFoldable(text):
      lines.append(prefix + " >-")
      lines += fold(text, width: lineLength - indent - 2).map { spaces(indent + 2) + $0 }
    default:
      lines.append("\(prefix) \(scalar(value))")
    }
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// True where folding and unfolding give the same text back.
  private static func isFoldable(_ text: String) -> Bool {
    !text.hasPrefix(" ") && !text.hasSuffix(" ") && !text.contains("  ")
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
  }

  private static func fold(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines
  }

  private static func scalar(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .double(let number): number.description
    case .string(let text): plainOrQuoted(text)
    case .array: "[]"
    case .object: "{}"
    }
  }

  private static let reserved: Set<String> = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]

  /// Plain where no YAML reader, of 1.1 or 1.2, can take it for anything but this text.
  private static func plainOrQuoted(_ text: String) -> String {
    func isLetter(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
    func isSafe(_ scalar: Unicode.Scalar) -> Bool {
      isLetter(scalar) || ("0"..."9").contains(scalar) || " ._/-,()".unicodeScalars.contains(scalar)
    }
    let scalars = text.unicodeScalars
    if let first = scalars.first, isLetter(first), scalars.allSatisfy(isSafe), !text.hasSuffix(" "),
      !reserved.contains(text.lowercased())
    {
      return text
    }
    if scalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) {
      return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    return escaped(text)
  }

  private static func escaped(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let hex = String(scalar.value, radix: 16)
        result += "\\x" + (hex.count < 2 ? "0" + hex : hex)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
