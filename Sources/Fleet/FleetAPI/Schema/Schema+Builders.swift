import Basics
import KubeTypes
import TrainingDefinition

// Short spellings, so that the schema of a type reads like a table.
extension Schema {
  /// An object of these members; anything else is pruned by the server.
  package static func object(_ description: String, _ properties: [Property], rules: [CELRule] = []) -> Schema {
    Schema(shape: .object(properties), description: description, rules: rules)
  }

  /// Members of any name with values of one schema.
  package static func map(_ description: String, of values: Schema, count: ClosedRange<Int>) -> Schema {
    Schema(shape: .map(values: values, count: count), description: description)
  }

  /// A list.
  package static func list(
    _ description: String, of items: Schema, _ type: ListType = .atomic, count: ClosedRange<Int>
  ) -> Schema {
    Schema(shape: .list(of: items, type: type, count: count), description: description)
  }

  /// A text of so many characters.
  package static func string(
    _ description: String, _ length: ClosedRange<Int>, pattern: String? = nil, default defaultValue: String? = nil
  ) -> Schema {
    Schema(
      shape: .string(TextRule(length, pattern: pattern)), description: description,
      defaultValue: defaultValue.map(JSONValue.string))
  }

  /// One of a few texts.
  package static func choice(_ description: String, _ values: [String], default defaultValue: String? = nil) -> Schema {
    Schema(
      shape: .string(TextRule(1...64, values: values)), description: description,
      defaultValue: defaultValue.map(JSONValue.string))
  }

  /// A time, RFC 3339.
  package static func time(_ description: String) -> Schema {
    Schema(shape: .string(TextRule(1...64, format: "date-time")), description: description)
  }

  /// A number too exact or too wide for the API's integers, as a decimal text.
  package static func decimal(_ description: String) -> Schema { .string(description, 1...64) }

  /// An integer of 32 bits.
  package static func int32(
    _ description: String, _ range: ClosedRange<Int>, default defaultValue: Int? = nil
  ) -> Schema {
    Schema(
      shape: .integer(range, .int32), description: description, defaultValue: defaultValue.map { .int(Int64($0)) })
  }

  /// An integer of 64 bits.
  package static func int64(
    _ description: String, _ range: ClosedRange<Int>, default defaultValue: Int? = nil
  ) -> Schema {
    Schema(
      shape: .integer(range, .int64), description: description, defaultValue: defaultValue.map { .int(Int64($0)) })
  }

  /// True or false.
  package static func boolean(_ description: String, default defaultValue: Bool? = nil) -> Schema {
    Schema(shape: .boolean, description: description, defaultValue: defaultValue.map(JSONValue.bool))
  }

  /// A Kubernetes quantity: an integer, or a text such as `500m` or `2Gi`.
  package static func quantity(_ description: String) -> Schema {
    Schema(shape: .intOrString(pattern: Pattern.quantity), description: description)
  }

  /// An object of another API, kept as it is.
  package static func anyObject(_ description: String) -> Schema { Schema(shape: .anyObject, description: description) }
}

/// Patterns of texts; all anchored, all RE2. Each has its twin in ``TextSyntax``.
package enum Pattern {
  /// An object's name (DNS-1123 subdomain).
  package static let objectName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
  /// A name in the registry: safe as a file's.
  package static let registryName = "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"
  /// An algorithm's parameter.
  package static let parameterName = "^[A-Za-z][A-Za-z0-9_]*$"
  /// A decimal number from 0 to below 1.
  package static let share = Share.pattern
  /// A SHA-256 in hexadecimal.
  package static let sha256 = "^[0-9A-Fa-f]{64}$"
  /// The name of an environment variable, as a shell takes it.
  package static let environmentName = "^[A-Za-z_][A-Za-z0-9_]*$"
  /// A word that programs read: `BackoffLimitExceeded`.
  package static let camelCase = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
  /// A Kubernetes quantity that is not negative (apimachinery's `resource.Quantity`).
  package static let quantity = "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$"
  /// A count from 1, or a percentage from 1% to 100%.
  package static let countOrPercent = "^([1-9][0-9]{0,4}|([1-9][0-9]?|100)%)$"
  /// The key of a label: an optional DNS prefix and a name.
  package static let labelKey =
    "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"
}
