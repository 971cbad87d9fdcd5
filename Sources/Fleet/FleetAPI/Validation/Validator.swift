import Basics
import KubeTypes
import TrainingDefinition

/// Gathers what is wrong with an object. Its checks are the schema's bounds, for servers that did not hold an object to
/// them: a CRD of another release, or written past it.
struct Validator {
  private(set) var errors: [FieldError] = []

  mutating func fail(_ field: @autoclosure () -> String, _ reason: FieldError.Reason, _ message: String = "") {
    errors.append(FieldError(field(), reason, nil, message))
  }

  mutating func fail(
    _ field: @autoclosure () -> String, _ reason: FieldError.Reason, _ value: JSONValue, _ message: String
  ) {
    errors.append(FieldError(field(), reason, value, message))
  }

  /// What the trainer would refuse. A field that is wrong already, such as a name that cannot be one, is not named twice.
  mutating func fail(_ faults: [TrainingFault]) {
    guard !faults.isEmpty else { return }
    let known = Set(errors.map(\.field))
    errors += faults.map(FieldError.init).filter { !known.contains($0.field) }
  }

  /// A number within bounds; a missing one is.
  mutating func check(_ field: @autoclosure () -> String, _ value: Int?, in range: ClosedRange<Int>) {
    guard let value, !range.contains(value) else { return }
    let message =
      value < range.lowerBound ? "must be at least \(range.lowerBound)" : "must be at most \(range.upperBound)"
    fail(field(), .invalid, .int(Int64(value)), message)
  }

  /// A text within bounds and of a syntax; a missing one is.
  mutating func check(
    _ field: @autoclosure () -> String, _ value: String?, _ length: ClosedRange<Int>, _ syntax: TextSyntax? = nil
  ) {
    guard let value else { return }
    // Characters are counted only where bytes, of which there are never fewer, leave it open.
    if value.utf8.count > length.upperBound, value.unicodeScalars.count > length.upperBound {
      fail(field(), .tooLong, "must have at most \(length.upperBound) characters")
    } else if value.isEmpty, length.lowerBound > 0 {
      fail(field(), .required, "must not be empty")
    } else if let syntax, !syntax.accepts(value) {
      fail(field(), .invalid, .string(value), syntax.requirement)
    }
  }

  /// One of a few texts; a missing one is.
  mutating func check(_ field: @autoclosure () -> String, _ value: String?, oneOf supported: [String]) {
    guard let value, !supported.contains(value) else { return }
    let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
    fail(field(), .unsupported, .string(value), "supported values: \(list)")
  }

  /// A count within bounds.
  mutating func check(_ field: @autoclosure () -> String, count: Int, in range: ClosedRange<Int>) {
    if count > range.upperBound {
      fail(field(), .tooMany, .int(Int64(count)), "must have at most \(range.upperBound) items")
    } else if count < range.lowerBound {
      fail(field(), .required, "must have at least \(range.lowerBound) items")
    }
  }

  /// Each value at most once. `field` names the place of an item.
  mutating func checkUnique(_ values: [String], field: (Int) -> String) {
    guard values.count > 1 else { return }
    var seen: Set<String> = []
    for (position, value) in values.enumerated() where !seen.insert(value).inserted {
      fail(field(position), .duplicate, .string(value), "")
    }
  }

  /// A name that others are made of.
  mutating func checkOwnerName(_ name: String, why: String) {
    guard name.utf8.count > Limits.ownerNameLength else { return }
    fail(
      "metadata.name", .invalid, .string(name), "must have at most \(Limits.ownerNameLength) characters: \(why)")
  }
}
