import Basics
import KubeTypes

/// The operators and functions rules may use: CEL's standard ones and Kubernetes' string and list libraries, without
/// timestamps, durations, quantities, URLs and addresses. A rule that names another function is refused when it is installed.
enum CELFunctions {
  static let functions: Set<String> = ["size", "int", "double", "string", "bool"]
  static let methods: Set<String> = [
    "size", "startsWith", "endsWith", "contains", "matches", "lowerAscii", "upperAscii", "trim", "split", "join",
    "replace", "substring", "indexOf", "lastIndexOf", "isSorted", "sum", "min", "max",
  ]

  static func text(_ value: JSONValue) throws(CELError) -> String {
    guard let text = value.stringValue else { throw CELError("a string expected, not a \(value.typeName)") }
    return text
  }

  static func call(_ name: String, _ arguments: [JSONValue]) throws(CELError) -> JSONValue {
    guard arguments.count == 1 else { throw CELError("\(name) takes one argument") }
    let value = arguments[0]
    switch (name, value) {
    case ("size", _): return try method(value, "size", [])
    case ("int", .string(let text)):
      guard let number = Int64(text) else { throw CELError("\"\(text)\" is no integer") }
      return .int(number)
    case ("int", .double(let number)):
      guard let whole = Int64(exactly: number.rounded(.towardZero)) else { throw CELError("integer overflow") }
      return .int(whole)
    case ("int", .int), ("double", .double), ("string", .string), ("bool", .bool): return value
    case ("double", .string(let text)):
      guard let number = Double(text) else { throw CELError("\"\(text)\" is no number") }
      return .double(number)
    case ("double", .int(let number)): return .double(Double(number))
    case ("string", .int), ("string", .double), ("string", .bool): return .string(JSONWriter.text(value))
    default: throw CELError("no such overload: \(name)(\(value.typeName))")
    }
  }

  static func binary(_ symbol: String, _ left: JSONValue, _ right: JSONValue) throws(CELError) -> JSONValue {
    switch (symbol, left, right) {
    case ("==", _, _): return .bool(equal(left, right))
    case ("!=", _, _): return .bool(!equal(left, right))
    case ("in", _, .array(let items)): return .bool(items.contains { equal($0, left) })
    case ("in", .string(let key), .object(let members)): return .bool(members[key] != nil)
    case ("+", .string(let one), .string(let other)): return .string(one + other)
    case ("+", .array(let one), .array(let other)): return .array(one + other)
    case (_, .int(let one), .int(let other)) where ["+", "-", "*", "/", "%"].contains(symbol):
      return .int(try whole(symbol, one, other))
    case ("<", _, _): return .bool(try compare(left, right) < 0)
    case ("<=", _, _): return .bool(try compare(left, right) <= 0)
    case (">", _, _): return .bool(try compare(left, right) > 0)
    case (">=", _, _): return .bool(try compare(left, right) >= 0)
    case (_, .double(let one), .double(let other)):
      switch symbol {
      case "+": return .double(one + other)
      case "-": return .double(one - other)
      case "*": return .double(one * other)
      case "/": return .double(one / other)
      default: throw CELError("no such overload: number \(symbol) number")
      }
    default: throw CELError("no such overload: \(left.typeName) \(symbol) \(right.typeName)")
    }
  }

  private static func whole(_ symbol: String, _ one: Int64, _ other: Int64) throws(CELError) -> Int64 {
    if (symbol == "/" || symbol == "%") && other == 0 { throw CELError("division by zero") }
    let (result, overflow) =
      switch symbol {
      case "+": one.addingReportingOverflow(other)
      case "-": one.subtractingReportingOverflow(other)
      case "*": one.multipliedReportingOverflow(by: other)
      case "/": one.dividedReportingOverflow(by: other)
      default: one.remainderReportingOverflow(dividingBy: other)
      }
    guard !overflow else { throw CELError("integer overflow") }
    return result
  }

  private static func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if left == right { return true }
    guard let one = left.doubleValue, let other = right.doubleValue else { return false }
    return one == other
  }

  private static func compare(_ left: JSONValue, _ right: JSONValue) throws(CELError) -> Int {
    switch (left, right) {
    case (.string(let one), .string(let other)): return one == other ? 0 : one < other ? -1 : 1
    case (.bool(let one), .bool(let other)): return one == other ? 0 : other ? -1 : 1
    default:
      guard let one = left.doubleValue, let other = right.doubleValue else {
        throw CELError("no such overload: \(left.typeName) compared with \(right.typeName)")
      }
      return one == other ? 0 : one < other ? -1 : 1
    }
  }

  static func method(_ target: JSONValue, _ name: String, _ arguments: [JSONValue]) throws(CELError) -> JSONValue {
    switch target {
    case .string(let text): return try method(text, name, arguments)
    case .array(let items): return try method(items, name, arguments)
    case .object(let members) where name == "size": return .int(Int64(members.count))
    default: throw CELError("no such overload: \(target.typeName).\(name)()")
    }
  }

  private static func method(_ text: String, _ name: String, _ arguments: [JSONValue]) throws(CELError) -> JSONValue {
    func argument(_ position: Int) throws(CELError) -> String {
      guard arguments.indices.contains(position) else { throw CELError("\(name) needs another argument") }
      return try CELFunctions.text(arguments[position])
    }
    switch name {
    case "size": return .int(Int64(text.unicodeScalars.count))
    case "startsWith": return .bool(text.hasPrefix(try argument(0)))
    case "endsWith": return .bool(text.hasSuffix(try argument(0)))
    case "contains": return .bool(text.contains(try argument(0)))
    case "matches":
      guard let pattern = Pattern(try argument(0)) else { throw CELError("no regular expression") }
      return .bool(pattern.matches(text))
    case "lowerAscii": return .string(String(text.map { $0.isASCII ? Character($0.lowercased()) : $0 }))
    case "upperAscii": return .string(String(text.map { $0.isASCII ? Character($0.uppercased()) : $0 }))
    case "trim":
      return .string(String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()))
    case "split" where arguments == [""]: return .array(text.map { .string(String($0)) })
    case "split":
      return .array(
        text.split(separator: try argument(0), omittingEmptySubsequences: false).map { .string(String($0)) })
    case "replace": return .string(text.replacing(try argument(0), with: try argument(1)))
    case "indexOf", "lastIndexOf":
      let ranges = text.ranges(of: try argument(0))
      guard let range = name == "indexOf" ? ranges.first : ranges.last else { return -1 }
      return .int(Int64(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)))
    case "substring":
      let scalars = Array(text.unicodeScalars)
      let from = arguments.first?.intValue ?? 0
      let to = arguments.count > 1 ? arguments[1].intValue ?? -1 : Int64(scalars.count)
      guard from >= 0, to >= from, to <= scalars.count else { throw CELError("index out of range") }
      var part = String.UnicodeScalarView()
      part.append(contentsOf: scalars[Int(from)..<Int(to)])
      return .string(String(part))
    default: throw CELError("no such overload: string.\(name)()")
    }
  }

  private static func method(
    _ items: [JSONValue], _ name: String, _ arguments: [JSONValue]
  ) throws(CELError) -> JSONValue {
    switch name {
    case "size": return .int(Int64(items.count))
    case "join":
      var texts: [String] = []
      for item in items { texts.append(try text(item)) }
      return .string(
        texts.joined(separator: try arguments.first.map { value throws(CELError) in try text(value) } ?? ""))
    case "indexOf", "lastIndexOf":
      guard let wanted = arguments.first else { throw CELError("\(name) needs an argument") }
      let position =
        name == "indexOf" ? items.firstIndex { equal($0, wanted) } : items.lastIndex { equal($0, wanted) }
      return .int(Int64(position ?? -1))
    case "isSorted":
      for (left, right) in zip(items, items.dropFirst()) where try compare(left, right) > 0 { return false }
      return true
    case "sum":
      var total: JSONValue = 0
      for (position, item) in items.enumerated() { total = position == 0 ? item : try binary("+", total, item) }
      return total
    case "min", "max":
      guard var best = items.first else { throw CELError("\(name) of an empty list") }
      for item in items.dropFirst() where try (compare(item, best) < 0) == (name == "min") { best = item }
      return best
    default: throw CELError("no such overload: list.\(name)()")
    }
  }
}
