/// A share of something, such as of rows or units, as the text that somebody wrote: a decimal number from 0 to below 1.
/// Open: a text that is no such number can still be read, to be refused with a reason.
package struct Share: Sendable {
  package let text: String
  /// Whether it was given as a number, and is written as one again: the API has texts, files of layers and reports have
  /// numbers.
  private let isNumber: Bool

  package init(_ text: String) {
    self.text = text
    isNumber = false
  }

  package init(_ value: Double) {
    text = "\(value)"
    isNumber = true
  }

  /// The number; nil where the text is none, or out of bounds.
  package var value: Double? { Self.isValid(text) ? Double(text) : nil }

  /// What it must be, for messages.
  package static let requirement = "a decimal number from 0 to below 1, such as \"0.2\""

  /// The texts that are one, as a regular expression.
  package static let pattern = "^(0|0?\\.[0-9]+)$"

  /// Whether ``pattern`` matches: an expression itself would cost an operator more than all else that is checked.
  package static func isValid(_ text: String) -> Bool {
    guard text != "0" else { return true }
    guard TrainingLimits.shareText.contains(text.utf8.count) else { return false }
    let rest = text.utf8.first == UInt8(ascii: "0") ? text.utf8.dropFirst() : text.utf8[...]
    guard rest.first == UInt8(ascii: "."), rest.count > 1 else { return false }
    return rest.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

extension Share: ExpressibleByStringLiteral, ExpressibleByFloatLiteral {
  package init(stringLiteral text: String) { self.init(text) }
  package init(floatLiteral value: Double) { self.init(value) }
}

extension Share: Hashable {
  private enum Meaning: Hashable {
    case share(Double)
    case noShare(String)
  }

  private var meaning: Meaning { value.map(Meaning.share) ?? .noShare(text) }

  /// "0.2" and "0.20" are one share.
  package static func == (a: Share, b: Share) -> Bool { a.text == b.text || a.meaning == b.meaning }
  package func hash(into hasher: inout Hasher) { hasher.combine(meaning) }
}

extension Share: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self.init(text)
    } else {
      self.init(try container.decode(Double.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if isNumber, let value { try container.encode(value) } else { try container.encode(text) }
  }
}
