/// Reads one column of a table as numbers, finding out what it holds.
///
/// The rule, over the cells that are known: all are true/false → boolean; at least nine in ten are numbers → number, and
/// then a cell that is none is an error, because it is far more likely a slip than a category; else category.
struct ColumnReader {
  /// A column as numbers: values, 0/1, or places among the sorted categories; NaN where the cell is not known.
  struct Column {
    var kind: FeatureColumn.Kind
    var values: [Double]
    var categories: [String]
  }

  /// Share of numbers from which on a column is taken for numeric.
  static let numericShare = 0.9

  /// - Throws: `notANumber` with column, line and value.
  static func read(_ table: CSVTable, column: Int) throws(LearningError) -> Column {
    var values = [Double](repeating: .nan, count: table.rowCount)
    var known = 0
    var numbers = 0
    var booleans = 0
    var firstText: Int?
    values.withUnsafeMutableBufferPointer { values in
      table.forEachCell(in: column) { row, bytes in
        if let number = CellParser.number(bytes) {
          values[row] = number
          numbers &+= 1
          known &+= 1
        } else if !CellParser.isMissing(bytes) {
          known &+= 1
          if let boolean = CellParser.boolean(bytes) {
            booleans &+= 1
            values[row] = boolean ? 1 : 0
          }
          if firstText == nil { firstText = row }
        }
        return true
      }
    }
    if known > 0, booleans == known { return Column(kind: .boolean, values: values, categories: []) }
    guard Double(numbers) >= numericShare * Double(known) else { return categories(table, column: column) }
    if let firstText {
      throw .notANumber(
        column: table.columns[column], line: table.line(ofRow: firstText),
        value: table.text(row: firstText, column: column))
    }
    return Column(kind: .number, values: values, categories: [])
  }

  /// Reads a column as categories, whatever it looks like.
  static func categories(_ table: CSVTable, column: Int) -> Column {
    var interner = CategoryInterner()
    var codes = [Int32](repeating: -1, count: table.rowCount)
    table.forEachCell(in: column) { row, bytes in
      if !CellParser.isMissing(bytes) { codes[row] = interner.code(bytes) }
      return true
    }
    let names = interner.values.map(CSVText.unescaped)
    let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    var place = [Double](repeating: 0, count: names.count)
    for (rank, code) in order.enumerated() { place[code] = Double(rank) }
    return Column(
      kind: .category, values: codes.map { $0 < 0 ? .nan : place[Int($0)] }, categories: order.map { names[$0] })
  }
}
