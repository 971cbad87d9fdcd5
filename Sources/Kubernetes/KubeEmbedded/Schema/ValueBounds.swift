import Basics
import KubeTypes

/// The limits a schema sets to numbers, texts, lists and maps.
struct ValueBounds: Sendable {
  var minimum: Double?
  var maximum: Double?
  var exclusiveMinimum: Bool
  var exclusiveMaximum: Bool
  var multipleOf: Double?
  /// Lengths count Unicode code points.
  var minLength: Int64?
  var maxLength: Int64?
  var minItems: Int64?
  var maxItems: Int64?
  var minProperties: Int64?
  var maxProperties: Int64?
  var uniqueItems: Bool
  var format: String?
  var pattern: Pattern?

  init(_ tree: JSONValue, at field: String) throws(FieldError) {
    minimum = tree["minimum"]?.doubleValue
    maximum = tree["maximum"]?.doubleValue
    exclusiveMinimum = tree["exclusiveMinimum"]?.boolValue ?? false
    exclusiveMaximum = tree["exclusiveMaximum"]?.boolValue ?? false
    multipleOf = tree["multipleOf"]?.doubleValue
    minLength = tree["minLength"]?.intValue
    maxLength = tree["maxLength"]?.intValue
    minItems = tree["minItems"]?.intValue
    maxItems = tree["maxItems"]?.intValue
    minProperties = tree["minProperties"]?.intValue
    maxProperties = tree["maxProperties"]?.intValue
    uniqueItems = tree["uniqueItems"]?.boolValue ?? false
    format = tree["format"]?.stringValue
    if let text = tree["pattern"]?.stringValue {
      guard let pattern = Pattern(text) else {
        throw .invalid("\(field).pattern", .string(text), "must be a valid regular expression")
      }
      self.pattern = pattern
    }
  }
}

/// A compiled regular expression.
struct Pattern: Sendable {
  let text: String
  // Never changed after init, and matching only reads it; `Regex` lacks the Sendable conformance alone because it may
  // carry a caller's transform closures, and one made from a text has none.
  private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>

  init?(_ text: String) {
    guard let regex = try? Regex(text) else { return nil }
    self.text = text
    self.regex = regex
  }

  /// True where any part of `value` matches: as in the server, a pattern anchors itself.
  func matches(_ value: String) -> Bool { value.firstMatch(of: regex) != nil }
}
