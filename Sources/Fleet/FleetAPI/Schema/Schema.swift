import Basics
import KubeTypes

/// What a value of the API may be: a structural schema (apiextensions.k8s.io/v1), written in Swift beside the type that it
/// describes. The CRDs are generated from it; `kubectl explain` shows its descriptions.
package struct Schema: Sendable, Hashable {
  /// The kind of value, with the bounds that belong to it. Every length, count and number has bounds: a server needs
  /// them to estimate what a CEL rule costs, and a user to know what is possible.
  package indirect enum Shape: Sendable, Hashable {
    case object([Property])
    /// Members of any name, all of one schema.
    case map(values: Schema, count: ClosedRange<Int>)
    case list(of: Schema, type: ListType, count: ClosedRange<Int>)
    case string(TextRule)
    case integer(ClosedRange<Int>, NumberFormat)
    case boolean
    /// An integer, or a string that matches the pattern: a Kubernetes quantity.
    case intOrString(pattern: String)
    /// An object whose members are another API's business: kept as they are.
    case anyObject
    /// A text that the server checks itself: `apiVersion`, `kind`.
    case serverString
  }

  package var shape: Shape
  /// What `kubectl explain` shows: meaning, unit, default.
  package var description: String
  /// What the server fills in where the member is missing.
  package var defaultValue: JSONValue?
  /// Whether an object has one owner as a whole (`x-kubernetes-map-type: atomic`). The server then keeps one entry of
  /// managedFields for it instead of one a member, and reads and writes that much less with every change.
  package var isAtomic = false
  /// Rules that a schema cannot say; evaluated by servers from 1.25 on.
  package var rules: [CELRule] = []
}

/// A member of an object.
package struct Property: Sendable, Hashable {
  package var name: String
  package var isRequired: Bool
  package var schema: Schema

  /// A member that must be given (or has a default, and is then never missing).
  package static func required(_ name: String, _ schema: Schema) -> Property {
    Property(name: name, isRequired: true, schema: schema)
  }

  /// A member that may be missing.
  package static func optional(_ name: String, _ schema: Schema) -> Property {
    Property(name: name, isRequired: false, schema: schema)
  }
}

/// How server-side apply merges a list (`x-kubernetes-list-type`).
package enum ListType: Sendable, Hashable {
  /// Replaced as a whole.
  case atomic
  /// Of scalars, each at most once.
  case set
  /// Of objects told apart by these members.
  case map(keys: [String])
}

/// The width of an integer.
package enum NumberFormat: String, Sendable, Hashable {
  case int32, int64
}

/// What a text may be.
package struct TextRule: Sendable, Hashable {
  /// How many characters it may have.
  package var length: ClosedRange<Int>
  /// An anchored regular expression (RE2).
  package var pattern: String?
  /// An OpenAPI format that the server checks: `date-time`.
  package var format: String?
  /// The only values allowed.
  package var values: [String]

  package init(_ length: ClosedRange<Int>, pattern: String? = nil, format: String? = nil, values: [String] = []) {
    self.length = length
    self.pattern = pattern
    self.format = format
    self.values = values
  }
}

/// A rule in the Common Expression Language (`x-kubernetes-validations`, KEP-2876): on by default from Kubernetes 1.25.
package struct CELRule: Sendable, Hashable {
  /// Over `self`, and `oldSelf` for what may not change.
  package var rule: String
  /// What the user reads where it does not hold.
  package var message: String

  package init(_ rule: String, _ message: String) {
    self.rule = rule
    self.message = message
  }
}
