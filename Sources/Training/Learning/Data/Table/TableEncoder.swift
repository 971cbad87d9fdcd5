/// Encodes new rows for a trained model exactly as training encoded its own.
package struct TableEncoder {
  private let columns: [FeatureColumn]
  /// For each column its categories, numbered in their order.
  private let categories: [CategoryInterner]

  package init(columns: [FeatureColumn]) {
    self.columns = columns
    categories = columns.map { column in
      let interner = CategoryInterner()
      // Two categories never have the same bytes: they were made by sorting different ones.
      for category in column.categories { interner.number(of: Array(category.utf8)) }
      return interner
    }
  }

  /// All rows of `table`, [rowCount×columns]. Columns are found by name; others in the table are ignored.
  /// - Throws: `inputMismatch` naming a missing column, `notANumber`, `nonFiniteValue`, `valueOutOfRange`.
  package func encode(_ table: CSVTable) throws(LearningError) -> FloatBuffer {
    let matrix = FloatBuffer(count: table.rowCount * columns.count)
    for (place, column) in columns.enumerated() {
      guard let source = table.columns.firstIndex(of: column.name) else {
        throw .inputMismatch(
          detail: "column \"\(column.name)\" is missing; the columns are \(table.columns.joined(separator: ", "))")
      }
      for row in 0..<table.rowCount {
        let cell = table.cell(row: row, column: source)
        matrix.base[row * columns.count + place] = try value(cell, place) { table.line(ofRow: row) }
      }
    }
    return matrix
  }

  /// One row a record, [records×columns]. A name that a record lacks means that the value is not known.
  /// - Throws: `notANumber`, `nonFiniteValue` (their line is the record's place, from 1), `valueOutOfRange`.
  package func encode(_ records: [[String: String]]) throws(LearningError) -> FloatBuffer {
    let matrix = FloatBuffer(count: records.count * columns.count)
    for (row, record) in records.enumerated() {
      for (place, column) in columns.enumerated() {
        let text = ByteBuffer(Array((record[column.name] ?? "").utf8))
        let cell = CSVCell(unquoted: text.bytes)
        matrix.base[row * columns.count + place] = try withExtendedLifetime(text) { () throws(LearningError) in
          try value(cell, place) { row + 1 }
        }
      }
    }
    return matrix
  }

  private func value(_ cell: CSVCell, _ place: Int, line: () -> Int) throws(LearningError) -> Float {
    let column = columns[place]
    let value = column.standardised(try raw(cell, place, line: line))
    guard value.isFinite else { throw .valueOutOfRange(column: column.name) }
    return value
  }

  private func raw(_ cell: CSVCell, _ place: Int, line: () -> Int) throws(LearningError) -> Double {
    let column = columns[place]
    switch column.kind {
    case .number:
      if let number = CellParser.number(cell.bytes) { return number }
      if CellParser.isNotFinite(cell.bytes) {
        throw .nonFiniteValue(column: column.name, line: line(), value: cell.text)
      }
      guard CellParser.isMissing(cell.bytes) else {
        throw .notANumber(column: column.name, line: line(), value: cell.text)
      }
      return .nan
    case .boolean:
      return CellParser.boolean(cell.bytes).map { $0 ? 1 : 0 } ?? .nan
    case .category:
      if CellParser.isMissing(cell.bytes) { return .nan }
      return code(cell, in: categories[place]).map(Double.init) ?? .nan
    }
  }

  private func code(_ cell: CSVCell, in interner: CategoryInterner) -> Int32? {
    if !cell.hasDoubledQuotes, let code = interner.known(cell.bytes) { return code }
    // Doubled quotes are undone, and bytes that are no UTF-8 replaced, as they were in training.
    let text = ByteBuffer(Array(cell.text.utf8))
    return withExtendedLifetime(text) { interner.known(text.bytes) }
  }
}
