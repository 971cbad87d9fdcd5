import Basics
import KubeTypes

/// One thing that is wrong with an object, in the words Kubernetes uses (apimachinery's `field.Error`):
/// `spec.epochs: Invalid value: 0: must be at least 1`.
package struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of wrong.
  package enum Reason: String, Sendable, Hashable {
    case required = "Required value"
    case invalid = "Invalid value"
    case unsupported = "Unsupported value"
    case duplicate = "Duplicate value"
    case tooLong = "Too long"
    case tooMany = "Too many"
    case forbidden = "Forbidden"
  }

  /// The path of the member: `spec.hyperparameters[1].name`.
  package var field: String
  package var reason: Reason
  /// The value that was given; nil where the message needs none (missing, too long, or perhaps secret).
  package var value: JSONValue?
  /// What would be right.
  package var message: String
  /// How the trainer says it, where the trainer would refuse it too.
  package var trainer: TaskFailure?

  package init(_ field: String, _ reason: Reason, _ value: JSONValue? = nil, _ message: String = "") {
    self.field = field
    self.reason = reason
    self.value = value
    self.message = message
  }

  package var description: String {
    var text = "\(field): \(reason.rawValue)"
    if let value { text += ": \(Self.text(of: value))" }
    if !message.isEmpty { text += ": \(message)" }
    return text
  }

  private static let longestValue = 80

  private static func text(of value: JSONValue) -> String {
    switch value {
    case .string(let text):
      text.count > longestValue ? "\"\(text.prefix(longestValue))…\"" : "\"\(text)\""
    case .int(let number): String(number)
    case .double(let number): "\(number)"
    case .bool(let flag): flag ? "true" : "false"
    case .null: "null"
    case .array(let items): "\(items.count) items"
    case .object(let members): "\(members.count) members"
    }
  }
}
