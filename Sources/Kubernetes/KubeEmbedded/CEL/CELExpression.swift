import Basics
import KubeTypes

/// An expression of the Common Expression Language (google/cel-spec), as far as CRD validation rules use it.
indirect enum CELExpression: Sendable, Equatable {
  case literal(JSONValue)
  case name(String)
  case list([CELExpression])
  case map([Entry])
  case member(CELExpression, String)
  case index(CELExpression, CELExpression)
  /// `has(a.b)`: whether a member is there.
  case has(CELExpression, String)
  case call(String, [CELExpression])
  case method(CELExpression, String, [CELExpression])
  /// `list.all(x, …)` and the other macros that bind a name.
  case comprehension(Macro, CELExpression, String, [CELExpression])
  case unary(String, CELExpression)
  case binary(String, CELExpression, CELExpression)
  case conditional(CELExpression, CELExpression, CELExpression)

  struct Entry: Sendable, Equatable {
    var key: CELExpression
    var value: CELExpression
  }

  enum Macro: String, Sendable {
    case all, exists, existsOne = "exists_one", map, filter
  }

  /// True where the expression, or a part of it, names this variable.
  func mentions(_ variable: String) -> Bool {
    switch self {
    case .literal: false
    case .name(let name): name == variable
    case .list(let items), .call(_, let items): items.contains { $0.mentions(variable) }
    case .map(let entries): entries.contains { $0.key.mentions(variable) || $0.value.mentions(variable) }
    case .member(let inner, _), .has(let inner, _), .unary(_, let inner): inner.mentions(variable)
    case .index(let left, let right), .binary(_, let left, let right):
      left.mentions(variable) || right.mentions(variable)
    case .method(let inner, _, let items), .comprehension(_, let inner, _, let items):
      inner.mentions(variable) || items.contains { $0.mentions(variable) }
    case .conditional(let test, let yes, let no):
      test.mentions(variable) || yes.mentions(variable) || no.mentions(variable)
    }
  }
}

/// Why a rule cannot be read or has no value.
struct CELError: Error, Equatable, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
