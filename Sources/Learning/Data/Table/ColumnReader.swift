/// Reads columns of a table, finding out what they hold.
///
/// The rule, over the cells that are known: all are true/false → boolean; at least nine in ten are numbers → number, and
/// then a cell that is none is an error, because it is far more likely a slip than a category; else category. In a
/// column of numbers `NaN` and infinities are errors too: they are results of a computation gone wrong, and a value that
/// is merely not known is left empty. Elsewhere `NaN` means that the value is not known.
enum ColumnReader {
  /// Share of numbers from which on a column is taken for numeric.
  static let numericShare = 0.9
  /// Rows looked at to guess what a column holds.
  private static let sampleRows = 256

  /// - Parameter categorical: columns that are read as categories, whatever they look like.
  /// - Returns: one a column, in the order of `columns`.
  /// - Throws: `notANumber`, `nonFiniteValue` with column, line and value: of the first of `columns` that has one.
  static func read(
    _ table: CSVTable, columns: [Int], categorical: Set<Int> = []
  ) throws(LearningError) -> [TableColumn] {
    let readings = columns.map { categorical.contains($0) ? .codes : guess(table, column: $0) }
    let pass = ColumnPass(table, columns: columns, readings: readings)
    let outcomes = ParallelResults<Result<TableColumn, LearningError>?>(count: columns.count, initial: nil)
    ThreadPool.shared.run(columns.count) { place in
      let column = columns[place]
      outcomes[place] = Result { () throws(LearningError) in
        try finish(table, column, pass, place, reading: readings[place], isCategorical: categorical.contains(column))
      }
    }
    var result: [TableColumn] = []
    for place in columns.indices {
      guard let outcome = outcomes[place] else { continue }
      result.append(try outcome.get())
    }
    return result
  }

  private static func guess(_ table: CSVTable, column: Int) -> ColumnPass.Reading {
    var numbers = 0
    var texts = 0
    for row in 0..<min(table.rowCount, sampleRows) {
      let bytes = table.cell(row: row, column: column).bytes
      if CellParser.number(bytes) != nil {
        numbers += 1
      } else if !CellParser.isMissing(bytes) {
        texts += 1
      }
    }
    return numbers >= texts ? .numbers : .codes
  }

  private static func finish(
    _ table: CSVTable, _ column: Int, _ pass: ColumnPass, _ place: Int, reading: ColumnPass.Reading,
    isCategorical: Bool
  ) throws(LearningError) -> TableColumn {
    if reading == .codes {
      if let decided = coded(pass, place, isCategorical: isCategorical) { return decided }
      // Wrongly guessed: once more, as numbers.
      let again = ColumnPass(table, columns: [column], readings: [.numbers])
      return try numeric(table, column, again, 0) ?? empty(table)
    }
    if let decided = try numeric(table, column, pass, place) { return decided }
    let again = ColumnPass(table, columns: [column], readings: [.codes])
    return coded(again, 0, isCategorical: false) ?? empty(table)
  }

  private static func empty(_ table: CSVTable) -> TableColumn {
    TableColumn(
      kind: .number, values: .numbers(ColumnBuffer(count: table.rowCount, initial: .nan)), categories: [])
  }

  /// The column as numbers; nil where too few of its cells are.
  private static func numeric(
    _ table: CSVTable, _ column: Int, _ pass: ColumnPass, _ place: Int
  ) throws(LearningError) -> TableColumn? {
    let tally = pass.tally(place)
    guard let numbers = pass.numbers[place], isNumeric(tally.numbers, of: tally.known) else { return nil }
    if let row = tally.firstOffence {
      let cell = table.cell(row: row, column: column)
      let (name, line) = (table.columns[column], table.line(ofRow: row))
      guard CellParser.isNotFinite(cell.bytes) else { throw .notANumber(column: name, line: line, value: cell.text) }
      throw .nonFiniteValue(column: name, line: line, value: cell.text)
    }
    return TableColumn(kind: .number, values: .numbers(numbers), categories: [])
  }

  private static func isNumeric(_ numbers: Int, of known: Int) -> Bool {
    Double(numbers) >= numericShare * Double(known)
  }

  /// The column as booleans or categories; nil where its values turn out to be numbers.
  private static func coded(_ pass: ColumnPass, _ place: Int, isCategorical: Bool) -> TableColumn? {
    guard let codes = pass.codes[place] else { return nil }
    let interner = pass.unify(place)
    var known = 0
    var numbers = 0
    var booleans = 0
    for entry in interner.entries where !CellParser.isMissing(entry.bytes) {
      known += entry.count
      if CellParser.boolean(entry.bytes) != nil {
        booleans += entry.count
      } else if CellParser.number(entry.bytes) != nil || CellParser.isNotFinite(entry.bytes) {
        numbers += entry.count
      }
    }
    if !isCategorical, known > 0, booleans == known {
      replace(codes, interner.entries.map { CellParser.boolean($0.bytes).map { $0 ? 1 : 0 } ?? -1 })
      return TableColumn(kind: .boolean, values: .codes(codes), categories: [])
    }
    if !isCategorical, isNumeric(numbers, of: known) { return nil }
    let sorted = SortedCategories(interner.entries)
    replace(codes, sorted.places)
    return TableColumn(kind: .category, values: .codes(codes), categories: sorted.names)
  }

  private static func replace(_ codes: ColumnBuffer<Int32>, _ places: [Int32]) {
    places.withUnsafeBufferPointer { places in
      var row = 0
      while row < codes.count {
        codes.base[row] = places[Int(codes.base[row])]
        row &+= 1
      }
    }
  }
}
