/// Encodes new rows for a trained model exactly as training encoded its own.
package struct TableEncoder {
  private let columns: [FeatureColumn]
  private let codes: [[String: Double]]

  package init(columns: [FeatureColumn]) {
    self.columns = columns
    codes = columns.map { column in
      // Two categories never have the same text: they were made by sorting different cells.
      Dictionary(column.categories.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// All rows of `table`, [rowCount×columns]. Columns are found by name; others in the table are ignored.
  /// - Throws: `inputMismatch` naming a missing column, `notANumber`, `valueOutOfRange`.
  package func encode(_ table: CSVTable) throws(LearningError) -> FloatBuffer {
    let matrix = FloatBuffer(count: table.rowCount * columns.count)
    for (place, column) in columns.enumerated() {
      guard let source = table.columns.firstIndex(of: column.name) else {
        throw .inputMismatch(
          detail: "column \"\(column.name)\" is missing; the columns are \(table.columns.joined(separator: ", "))")
      }
      for row in 0..<table.rowCount {
        let text = table.text(row: row, column: source)
        matrix.base[row * columns.count + place] = try value(text, place, line: table.line(ofRow: row))
      }
    }
    return matrix
  }

  /// One row a record, [records×columns]. A name that a record lacks means that the value is not known.
  /// - Throws: `notANumber` (its line is the record's place, from 1), `valueOutOfRange`.
  package func encode(_ records: [[String: String]]) throws(LearningError) -> FloatBuffer {
    let matrix = FloatBuffer(count: records.count * columns.count)
    for (row, record) in records.enumerated() {
      for (place, column) in columns.enumerated() {
        matrix.base[row * columns.count + place] = try value(record[column.name] ?? "", place, line: row + 1)
      }
    }
    return matrix
  }

  private func value(_ text: String, _ place: Int, line: Int) throws(LearningError) -> Float {
    let column = columns[place]
    let value = column.standardised(try raw(text, place, line: line))
    guard value.isFinite else { throw .valueOutOfRange(column: column.name) }
    return value
  }

  private func raw(_ text: String, _ place: Int, line: Int) throws(LearningError) -> Double {
    var text = text
    if text.withUTF8({ CellParser.isMissing($0) }) { return .nan }
    let column = columns[place]
    switch column.kind {
    case .number:
      guard let number = text.withUTF8({ CellParser.number($0) }) else {
        throw .notANumber(column: column.name, line: line, value: text)
      }
      return number
    case .boolean:
      return text.withUTF8 { CellParser.boolean($0) }.map { $0 ? 1 : 0 } ?? .nan
    case .category:
      return codes[place][text] ?? .nan
    }
  }
}
