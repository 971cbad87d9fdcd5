/// How text for people is written.
package struct TextStyle: Sendable, Hashable {
  package enum Colour: String, Sendable {
    case green = "32"
    case red = "31"
    case yellow = "33"
    case dim = "2"
    case bold = "1"
  }

  package var usesColour: Bool
  /// False where only ASCII can be shown.
  package var usesUnicode: Bool

  package init(usesColour: Bool = false, usesUnicode: Bool = true) {
    self.usesColour = usesColour
    self.usesUnicode = usesUnicode
  }

  package func paint(_ text: String, _ colour: Colour?) -> String {
    guard usesColour, let colour, !text.isEmpty else { return text }
    return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
  }

  /// A bar of `width` cells, `percent` of them full.
  package func bar(percent: Int, width: Int) -> String {
    let full = min(width, max(0, percent) * width / 100)
    let (done, rest) = usesUnicode ? ("█", "░") : ("#", ".")
    return String(repeating: done, count: full) + String(repeating: rest, count: width - full)
  }
}

extension String {
  /// This text with spaces up to `width` characters.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

  /// This text in at most `width` characters, the last an ellipsis where something is missing.
  func shortened(to width: Int, ellipsis: String = "…") -> String {
    count <= width ? self : String(prefix(max(0, width - ellipsis.count))) + ellipsis
  }

  /// A decimal text with `digits` behind the point; itself where it is no number.
  func rounded(digits: Int) -> String {
    guard let value = Double(self), value.isFinite else { return self }
    let scale = (0..<digits).reduce(1.0) { result, _ in result * 10 }
    let whole = (abs(value) * scale).rounded()
    guard whole < 1e15 else { return self }
    let text = String(Int64(whole)).leftPadded(to: digits + 1).replacing(" ", with: "0")
    let sign = value < 0 && whole > 0 ? "-" : ""
    return digits == 0 ? sign + text : "\(sign)\(text.dropLast(digits)).\(text.suffix(digits))"
  }
}
