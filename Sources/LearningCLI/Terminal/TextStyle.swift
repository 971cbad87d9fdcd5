import Foundation

/// How text for people is written; the look of `tensorfleet run`.
struct TextStyle: Sendable, Hashable {
  enum Colour: String, Sendable {
    case green = "32"
    case red = "31"
    case yellow = "33"
    case dim = "2"
    case bold = "1"
  }

  var usesColour = false
  /// False where only ASCII can be shown.
  var usesUnicode = true

  func paint(_ text: String, _ colour: Colour) -> String {
    usesColour && !text.isEmpty ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
  }

  /// A bar of `width` cells, `percent` of them full.
  func bar(percent: Int, width: Int) -> String {
    let full = min(width, max(0, percent) * width / 100)
    let (done, rest) = usesUnicode ? ("█", "░") : ("#", ".")
    return String(repeating: done, count: full) + String(repeating: rest, count: width - full)
  }

  /// `text` in at most `width` characters, the last an ellipsis where something is missing.
  func shortened(_ text: String, to width: Int) -> String {
    let ellipsis = usesUnicode ? "…" : "~"
    return text.count <= width ? text : String(text.prefix(max(0, width - 1))) + (width > 0 ? ellipsis : "")
  }
}

/// Numbers for people.
enum Figures {
  /// `value` with `digits` behind the point.
  static func fixed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

  /// Four digits; a dash where there is no number.
  static func metric(_ value: Double?) -> String { value.map { fixed($0, digits: 4) } ?? "-" }

  /// 0.31 s, 12.3 s, 4m05s, 2h07m.
  static func duration(_ seconds: Double) -> String {
    if seconds < 10 { return fixed(seconds, digits: 2) + " s" }
    if seconds < 60 { return fixed(seconds, digits: 1) + " s" }
    return wholeDuration(seconds)
  }

  /// 12 s, 4m05s, 2h07m.
  static func wholeDuration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return whole < 3600 ? "\(whole / 60)m\(two(whole % 60))s" : "\(whole / 3600)h\(two(whole / 60 % 60))m"
  }
}

/// Columns of text, as wide as what stands in them: the first to the left, numbers to the right.
enum TextTable {
  /// - Parameter rows: the first is the header; all as long as it.
  static func render(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }
      return cells.joined(separator: "   ")
    }
  }
}
