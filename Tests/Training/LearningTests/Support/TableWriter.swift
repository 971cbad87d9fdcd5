@testable import Learning

/// A random table, its text, and what should be read from it: written without any of the reader's code.
struct RandomTable {
  var header: [String]
  /// Numbers, booleans, categories and the target `y`; empty where the cell is not known.
  var cells: [[String]]
  var text: String

  static let kinds: [FeatureColumn.Kind] = [.number, .boolean, .category]

  init(_ random: inout SeededRandom) {
    let width = 1 + random.below(4)
    let kinds = (0..<width).map { _ in Self.kinds[random.below(3)] }
    let rows = 12 + random.below(120)
    header = kinds.enumerated().map { "\($1) \($0)" } + ["y"]
    cells = (0..<rows).map { row in
      kinds.map { kind in random.below(12) == 0 ? "" : Self.cell(kind, &random) } + ["class \(row % 3)"]
    }
    let ends = ["\n", "\r\n", "\r"][random.below(3)]
    var text = random.below(2) == 0 ? "\u{FEFF}" : ""
    for (number, record) in ([header] + cells).enumerated() {
      let quoted = record.map { cell in
        let mustQuote = cell.contains { ",\"\n\r\r\n".contains($0) } || random.below(5) == 0
        return mustQuote
          ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : cell
      }
      text += quoted.joined(separator: ",")
      if number < cells.count || random.below(2) == 0 { text += ends }
      if number > 0, random.below(20) == 0 { text += ends }
    }
    self.text = text
  }

  private static func cell(_ kind: FeatureColumn.Kind, _ random: inout SeededRandom) -> String {
    switch kind {
    case .number:
      let value = Double(random.below(2_000_001) - 1_000_000) / [1, 8, 1000][random.below(3)]
      return random.below(4) == 0 ? " \(value) " : "\(value)"
    case .boolean: return ["true", "FALSE", "True", "false"][random.below(4)]
    case .category:
      return ["red", "a,b", "two\nlines", "three\r\n\r\nlines", "say \"hi\"", "ä東", "\"", "x y"][random.below(8)]
    }
  }

  /// Row numbers of the file in the order of a column's raw values.
  func column(_ place: Int) -> [String] { cells.map { $0[place] } }
}
