import Basics
import KubeTypes

/// Cuts a rule into tokens.
struct CELLexer {
  enum Token: Equatable {
    case name(String)
    case literal(JSONValue)
    case symbol(String)
    case end
  }

  private let characters: [Character]
  private var index = 0
  private static let symbols = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",", "(", ")", "[", "]",
    "{", "}",
  ]

  private init(_ text: String) { characters = Array(text) }

  static func tokens(of text: String) throws(CELError) -> [Token] {
    var lexer = CELLexer(text)
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last != .end
    return tokens
  }

  private mutating func next() throws(CELError) -> Token {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    guard index < characters.count else { return .end }
    let first = characters[index]
    if first == "\"" || first == "'" { return .literal(.string(try string(raw: false))) }
    if first == "r", index + 1 < characters.count, characters[index + 1] == "\"" || characters[index + 1] == "'" {
      index += 1
      return .literal(.string(try string(raw: true)))
    }
    if first.isLetter || first == "_" { return word() }
    if first.isASCII, first.isNumber { return try number() }
    for symbol in Self.symbols where characters[index...].starts(with: symbol) {
      index += symbol.count
      return .symbol(symbol)
    }
    throw CELError("unexpected character '\(first)'")
  }

  private mutating func word() -> Token {
    let start = index
    while index < characters.count, characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
    {
      index += 1
    }
    switch String(characters[start..<index]) {
    case "true": return .literal(true)
    case "false": return .literal(false)
    case "null": return .literal(.null)
    case "in": return .symbol("in")
    case let name: return .name(Self.unescaped(name))
    }
  }

  /// Member names that are no identifiers are written as Kubernetes escapes them: `__dot__`, `x__dash__y`.
  private static func unescaped(_ name: String) -> String {
    guard name.contains("__") else { return name }
    if name.hasPrefix("__"), name.hasSuffix("__"), name.count > 4 { return String(name.dropFirst(2).dropLast(2)) }
    return name.replacing("__dot__", with: ".").replacing("__dash__", with: "-").replacing("__slash__", with: "/")
      .replacing("__underscores__", with: "__")
  }

  private mutating func number() throws(CELError) -> Token {
    let start = index
    var whole = true
    while index < characters.count {
      let character = characters[index]
      let isFraction =
        character == "." && index + 1 < characters.count && characters[index + 1].isNumber
        || character.lowercased() == "e"
        || (character == "+" || character == "-") && characters[index - 1].lowercased() == "e"
      guard character.isNumber || isFraction else { break }
      if isFraction { whole = false }
      index += 1
    }
    let text = String(characters[start..<index])
    if index < characters.count, characters[index] == "u" { index += 1 }
    if whole, let value = Int64(text) { return .literal(.int(value)) }
    guard !whole, let value = Double(text) else { throw CELError("\(text) is no number") }
    return .literal(.double(value))
  }

  private mutating func string(raw: Bool) throws(CELError) -> String {
    let quote = characters[index]
    index += 1
    var text = ""
    while index < characters.count {
      let character = characters[index]
      index += 1
      if character == quote { return text }
      guard character == "\\", !raw, index < characters.count else {
        text.append(character)
        continue
      }
      let escaped = characters[index]
      index += 1
      switch escaped {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      case "\\", "'", "\"", "`", "?": text.append(escaped)
      default: throw CELError("unknown escape '\\\(escaped)'")
      }
    }
    throw CELError("a string without end")
  }
}
