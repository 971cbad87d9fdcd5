/// How text for people is written.
package struct TextStyle: Sendable, Hashable {
  package enum Colour: String, Sendable {
    case green = "32"
    case blue = "34"
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

  /// `text` in a colour, where there are colours; nil leaves it as it is.
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

  /// `text` in at most `width` characters, the last an ellipsis where something is missing.
  package func shortened(_ text: String, to width: Int) -> String {
    let ellipsis = usesUnicode ? "…" : "~"
    return text.count <= width ? text : String(text.prefix(max(0, width - 1))) + (width > 0 ? ellipsis : "")
  }
}
