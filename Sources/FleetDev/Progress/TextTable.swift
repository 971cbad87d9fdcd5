/// Columns of text, as wide as what stands in them.
enum TextTable {
  /// - Parameter rows: the first is the header; all as long as it.
  static func render(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "   ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
