import Basics
import KubeTypes

/// Computes an expression over JSON values. Members are found as in the object itself: one that is missing is an error,
/// which `&&` and `||` absorb where the other side decides (cel-spec, "Logical Operators").
struct CELEvaluator {
  var variables: [String: JSONValue]

  func isTrue(_ expression: CELExpression) throws(CELError) -> Bool {
    guard case .bool(let value) = try value(expression) else { throw CELError("the rule has no boolean value") }
    return value
  }

  func value(_ expression: CELExpression) throws(CELError) -> JSONValue {
    switch expression {
    case .literal(let value): return value
    case .name(let name):
      guard let value = variables[name] else { throw CELError("undeclared reference to '\(name)'") }
      return value
    case .list(let items): return .array(try values(items))
    case .map(let entries):
      var members: [String: JSONValue] = [:]
      for entry in entries { members[try CELFunctions.text(value(entry.key))] = .some(try value(entry.value)) }
      return .object(members)
    case .member(let inner, let name):
      guard let member = try value(inner)[name] else { throw CELError("no such key: \(name)") }
      return member
    case .has(let inner, let name): return .bool(try value(inner)[name] != nil)
    case .index(let inner, let key): return try element(of: value(inner), at: value(key))
    case .call(let name, let arguments): return try CELFunctions.call(name, values(arguments))
    case .method(let target, let name, let arguments):
      return try CELFunctions.method(value(target), name, values(arguments))
    case .comprehension(let macro, let range, let variable, let body):
      return try comprehend(macro, value(range), variable, body)
    case .unary(let symbol, let inner): return try unary(symbol, value(inner))
    case .binary(let symbol, let left, let right): return try binary(symbol, left, right)
    case .conditional(let test, let yes, let no): return try isTrue(test) ? value(yes) : value(no)
    }
  }

  private func values(_ expressions: [CELExpression]) throws(CELError) -> [JSONValue] {
    var values: [JSONValue] = []
    for expression in expressions { values.append(try value(expression)) }
    return values
  }

  private func element(of container: JSONValue, at key: JSONValue) throws(CELError) -> JSONValue {
    switch (container, key) {
    case (.array(let items), .int(let position)):
      guard position >= 0, position < items.count else { throw CELError("index out of bounds: \(position)") }
      return items[Int(position)]
    case (.object(let members), .string(let name)):
      guard let member = members[name] else { throw CELError("no such key: \(name)") }
      return member
    default: throw CELError("no such overload: \(container.typeName)[\(key.typeName)]")
    }
  }

  private func comprehend(
    _ macro: CELExpression.Macro, _ range: JSONValue, _ variable: String, _ body: [CELExpression]
  ) throws(CELError) -> JSONValue {
    let items: [JSONValue]
    switch range {
    case .array(let list): items = list
    case .object(let members): items = members.keys.sorted().map(JSONValue.string)
    default: throw CELError("\(macro.rawValue) needs a list or a map, not a \(range.typeName)")
    }
    var inner = self
    var results: [JSONValue] = []
    var hits = 0
    var failure: CELError?
    for item in items {
      inner.variables[variable] = .some(item)
      do {
        switch macro {
        case .map:
          if body.count == 2 {
            guard try inner.isTrue(body[0]) else { continue }
          }
          results.append(try inner.value(body[body.count - 1]))
        case .filter: if try inner.isTrue(body[0]) { results.append(item) }
        case .all: if try !inner.isTrue(body[0]) { return false }
        case .exists: if try inner.isTrue(body[0]) { return true }
        case .existsOne: if try inner.isTrue(body[0]) { hits += 1 }
        }
      } catch {
        // A later item may still decide `all` and `exists`.
        guard macro == .all || macro == .exists else { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    switch macro {
    case .map, .filter: return .array(results)
    case .all: return true
    case .exists: return false
    case .existsOne: return .bool(hits == 1)
    }
  }

  private func unary(_ symbol: String, _ value: JSONValue) throws(CELError) -> JSONValue {
    switch (symbol, value) {
    case ("!", .bool(let flag)): return .bool(!flag)
    case ("-", .int(let number)): return .int(0 &- number)
    case ("-", .double(let number)): return .double(-number)
    default: throw CELError("no such overload: \(symbol)\(value.typeName)")
    }
  }

  private func binary(
    _ symbol: String, _ left: CELExpression, _ right: CELExpression
  ) throws(CELError) -> JSONValue {
    guard symbol == "&&" || symbol == "||" else {
      return try CELFunctions.binary(symbol, value(left), value(right))
    }
    let deciding = symbol == "||"
    var failure: CELError?
    for side in [left, right] {
      do { if try isTrue(side) == deciding { return .bool(deciding) } } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return .bool(!deciding)
  }
}
