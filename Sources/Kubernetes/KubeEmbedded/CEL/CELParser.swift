import KubeTypes

/// Reads a rule into an expression, by recursive descent along CEL's grammar.
struct CELParser {
  private let tokens: [CELLexer.Token]
  private var index = 0

  static func parse(_ text: String) throws(CELError) -> CELExpression {
    var parser = CELParser(tokens: try CELLexer.tokens(of: text))
    let expression = try parser.conditional()
    guard parser.tokens[parser.index] == .end else { throw CELError("unexpected text after the expression") }
    return expression
  }

  private init(tokens: [CELLexer.Token]) { self.tokens = tokens }

  private mutating func take(_ symbol: String) -> Bool {
    guard tokens[index] == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ symbol: String) throws(CELError) {
    guard take(symbol) else { throw CELError("'\(symbol)' expected") }
  }

  private mutating func conditional() throws(CELError) -> CELExpression {
    let test = try binary(level: 0)
    guard take("?") else { return test }
    let yes = try conditional()
    try expect(":")
    return .conditional(test, yes, try conditional())
  }

  /// Operators from the loosest to the tightest.
  private static let levels = [
    ["||"], ["&&"], ["==", "!=", "<=", ">=", "<", ">", "in"], ["+", "-"], ["*", "/", "%"],
  ]

  private mutating func binary(level: Int) throws(CELError) -> CELExpression {
    guard level < Self.levels.count else { return try unary() }
    var left = try binary(level: level + 1)
    scan: while true {
      for symbol in Self.levels[level] where take(symbol) {
        left = .binary(symbol, left, try binary(level: level + 1))
        continue scan
      }
      return left
    }
  }

  private mutating func unary() throws(CELError) -> CELExpression {
    if take("!") { return .unary("!", try unary()) }
    if take("-") { return .unary("-", try unary()) }
    return try postfix(primary())
  }

  private mutating func postfix(_ start: CELExpression) throws(CELError) -> CELExpression {
    var expression = start
    while true {
      if take(".") {
        guard case .name(let name) = tokens[index] else { throw CELError("a member name expected after '.'") }
        index += 1
        expression = take("(") ? try method(expression, name) : .member(expression, name)
      } else if take("[") {
        expression = .index(expression, try conditional())
        try expect("]")
      } else {
        return expression
      }
    }
  }

  private mutating func method(_ target: CELExpression, _ name: String) throws(CELError) -> CELExpression {
    let arguments = try list(until: ")")
    guard let macro = CELExpression.Macro(rawValue: name) else {
      guard CELFunctions.methods.contains(name) else { throw CELError("undeclared reference to '\(name)'") }
      return .method(target, name, arguments)
    }
    guard arguments.count == 2 || (macro == .map && arguments.count == 3), case .name(let variable) = arguments[0]
    else {
      throw CELError("\(name) takes a variable and an expression")
    }
    return .comprehension(macro, target, variable, Array(arguments.dropFirst()))
  }

  private mutating func list(until end: String) throws(CELError) -> [CELExpression] {
    var items: [CELExpression] = []
    while !take(end) {
      if !items.isEmpty {
        try expect(",")
        if take(end) { break }
      }
      items.append(try conditional())
    }
    return items
  }

  private mutating func primary() throws(CELError) -> CELExpression {
    switch tokens[index] {
    case .literal(let value):
      index += 1
      return .literal(value)
    case .name(let name):
      index += 1
      guard take("(") else { return .name(name) }
      let arguments = try list(until: ")")
      if name == "has" {
        guard arguments.count == 1, case .member(let inner, let member) = arguments[0] else {
          throw CELError("has() takes a member: has(self.x)")
        }
        return .has(inner, member)
      }
      guard CELFunctions.functions.contains(name) else { throw CELError("undeclared reference to '\(name)'") }
      return .call(name, arguments)
    case .symbol("("):
      index += 1
      let inner = try conditional()
      try expect(")")
      return inner
    case .symbol("["):
      index += 1
      return .list(try list(until: "]"))
    case .symbol("{"):
      index += 1
      return .map(try entries())
    case .symbol(let symbol): throw CELError("unexpected '\(symbol)'")
    case .end: throw CELError("unexpected end")
    }
  }

  private mutating func entries() throws(CELError) -> [CELExpression.Entry] {
    var entries: [CELExpression.Entry] = []
    while !take("}") {
      if !entries.isEmpty { try expect(",") }
      let key = try conditional()
      try expect(":")
      entries.append(CELExpression.Entry(key: key, value: try conditional()))
    }
    return entries
  }
}
