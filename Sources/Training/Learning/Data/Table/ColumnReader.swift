/// Reads columns of a CSV file, finding out what they hold.
///
/// The rule, over the cells that are known: all are true/false → boolean; at least nine in ten are numbers → number, and
/// then a cell that is none is an error, because it is far more likely a slip than a category; else category. In a
/// column of numbers `NaN` and infinities are errors too: they are results of a computation gone wrong, and a value that
/// is merely not known is left empty. Elsewhere `NaN` means that the value is not known.
struct ColumnReader {
  let source: CSVSource
  let layout: CSVLayout
  /// In how many parts the file is read; nil: as suits. It decides nothing but speed.
  var partCount: Int?

  /// Share of numbers from which on a column is taken for numeric.
  static let numericShare = 0.9
  /// Bytes looked at to guess what a column holds.
  private static let sampleBytes = 1 << 16

  /// - Parameter categorical: columns that are read as categories, whatever they look like.
  /// - Returns: one a column, in the order of `columns`.
  /// - Throws: `notANumber`, `nonFiniteValue` with column, line and value: of the first of `columns` that has one;
  ///   `raggedLine`, `malformedQuote`, `fileUnreadable`.
  func read(columns: [Int], categorical: Set<Int>) throws(LearningError) -> [TableColumn] {
    let guesses = try guess(columns)
    let readings = columns.indices.map { categorical.contains(columns[$0]) ? .codes : guesses[$0] }
    let pass = try ColumnPass(source, layout, places: columns, readings: readings, partCount: partCount)
    let outcomes = ParallelResults<Result<TableColumn, LearningError>?>(count: columns.count, initial: nil)
    ThreadPool.shared.run(columns.count) { place in
      let column = columns[place]
      outcomes[place] = Result { () throws(LearningError) in
        try decide(column, pass, place, readings[place], isCategorical: categorical.contains(column))
      }
    }
    var result: [TableColumn] = []
    for place in columns.indices {
      if let outcome = outcomes[place] { result.append(try outcome.get()) }
    }
    return result
  }

  /// How the first rows look.
  private func guess(_ columns: [Int]) throws(LearningError) -> [ColumnPart.Reading] {
    var buffer = ByteBuffer(count: 0)
    let window = try source.window(from: layout.firstRow, length: Self.sampleBytes, &buffer)
    let index = CellIndex(width: layout.columns.count)
    RecordIndexer(window).fill(index, limit: window.count)
    return columns.map { column in
      var numbers = 0
      for record in 0..<index.recordCount {
        let bytes = index.cell(window.base, record: record, column: column).bytes
        if CellParser.number(bytes) != nil { numbers += 1 } else if !CellParser.isMissing(bytes) { numbers -= 1 }
      }
      return numbers >= 0 ? .numbers : .codes
    }
  }

  private func decide(
    _ column: Int, _ pass: ColumnPass, _ place: Int, _ reading: ColumnPart.Reading, isCategorical: Bool
  ) throws(LearningError) -> TableColumn {
    let first = try finish(column, pass, place, reading, isCategorical: isCategorical)
    if let first { return first }
    // Wrongly guessed: once more, the other way.
    let other: ColumnPart.Reading = reading == .numbers ? .codes : .numbers
    let again = try ColumnPass(source, layout, places: [column], readings: [other], partCount: partCount)
    return try finish(column, again, 0, other, isCategorical: isCategorical)
      ?? TableColumn(kind: .number, categories: [], segments: [])
  }

  private func finish(
    _ column: Int, _ pass: ColumnPass, _ place: Int, _ reading: ColumnPart.Reading, isCategorical: Bool
  ) throws(LearningError) -> TableColumn? {
    switch reading {
    case .numbers: try numeric(column, pass, place)
    case .codes: coded(pass, place, isCategorical: isCategorical)
    }
  }

  /// The column as numbers; nil where too few of its cells are.
  private func numeric(_ column: Int, _ pass: ColumnPass, _ place: Int) throws(LearningError) -> TableColumn? {
    let tally = pass.tally(place)
    guard Self.isNumeric(tally.numbers, of: tally.known) else { return nil }
    if let row = tally.firstOffence {
      let (line, text, isNotFinite) = try find(row, column)
      let name = layout.columns[column]
      if isNotFinite { throw .nonFiniteValue(column: name, line: line, value: text) }
      throw .notANumber(column: name, line: line, value: text)
    }
    return TableColumn(kind: .number, categories: [], segments: pass.segments(place))
  }

  private static func isNumeric(_ numbers: Int, of known: Int) -> Bool {
    Double(numbers) >= numericShare * Double(known)
  }

  /// The column as booleans or categories; nil where its values turn out to be numbers.
  private func coded(_ pass: ColumnPass, _ place: Int, isCategorical: Bool) -> TableColumn? {
    let (values, numbersOfParts) = pass.unified(place)
    var known = 0
    var numbers = 0
    var booleans = 0
    for entry in values.entries where !CellParser.isMissing(entry.bytes) {
      known += entry.count
      if CellParser.boolean(entry.bytes) != nil {
        booleans += entry.count
      } else if CellParser.number(entry.bytes) != nil || CellParser.isNotFinite(entry.bytes) {
        numbers += entry.count
      }
    }
    let isBoolean = !isCategorical && known > 0 && booleans == known
    if !isBoolean, !isCategorical, Self.isNumeric(numbers, of: known) { return nil }
    let sorted = isBoolean ? nil : SortedCategories(values.entries)
    let places = sorted?.places ?? values.entries.map { CellParser.boolean($0.bytes).map { $0 ? 1 : 0 } ?? -1 }
    for (part, numbers) in zip(pass.parts, numbersOfParts) {
      let meaning = numbers.map { places[Int($0)] }
      for segment in part.columns[place].segments { segment.meaning = meaning }
    }
    return TableColumn(
      kind: isBoolean ? .boolean : .category, categories: sorted?.names ?? [], segments: pass.segments(place))
  }

  /// Line and text of a cell, and whether it is an infinity or `NaN`. Reads the file up to there: for messages.
  func find(_ row: Int, _ column: Int) throws(LearningError) -> (line: Int, text: String, isNotFinite: Bool) {
    var buffer = ByteBuffer(count: 0)
    let index = CellIndex(width: layout.columns.count)
    var start = layout.firstRow
    var first = 0
    var length = ColumnPart.windowBytes
    while start < source.count {
      let window = try source.window(from: start, length: length, &buffer)
      index.reset(start: 0)
      RecordIndexer(window).fill(index, limit: window.count)
      if row < first + index.recordCount {
        let cell = index.cell(window.base, record: row - first, column: column)
        return (
          try source.line(of: start + index.start(ofRecord: row - first)), cell.text,
          CellParser.isNotFinite(cell.bytes)
        )
      }
      length = index.end == 0 ? 2 * length : ColumnPart.windowBytes
      first += index.recordCount
      start += index.end
    }
    return (0, "", false)
  }
}
