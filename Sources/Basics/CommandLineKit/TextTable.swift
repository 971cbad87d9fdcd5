/// Columns of text, as wide as what stands in them.
package enum TextTable {
  package enum Alignment: Sendable {
    /// All columns to the left, as kubectl writes its tables.
    case left
    /// The first column to the left and the others, which hold numbers, to the right.
    case numbers
  }

  /// - Parameter rows: the first is the header; all as long as it.
  /// - Returns: a line for each row, without spaces at its end.
  package static func render(_ rows: [[String]], alignment: Alignment = .left) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 || alignment == .left ? cell.0 + space : space + cell.0
      }
      var line = cells.joined(separator: "   ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
