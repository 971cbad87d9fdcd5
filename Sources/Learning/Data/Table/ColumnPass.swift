/// One pass over all cells of some columns, on several threads: each column is read as numbers or as byte strings with
/// numbers of their own, whichever was guessed. What a column turns out to be is decided afterwards, from the counts.
struct ColumnPass {
  /// What a column is read as.
  enum Reading {
    case numbers
    case codes
  }

  /// What reading a stretch of a column as numbers showed.
  struct NumberTally {
    /// Cells with a finite number.
    var numbers = 0
    /// Cells that are known: neither missing nor `NaN`.
    var known = 0
    /// The first row whose cell is known and no finite number, or is `NaN`.
    var firstOffence: Int?
  }

  private let table: CSVTable
  private let columns: [Int]
  private let readings: [Reading]
  /// One a column; nil for those read as codes.
  private(set) var numbers: [ColumnBuffer<Double>?]
  /// One a column; nil for those read as numbers. The codes are those of `interners` of the row's part.
  private(set) var codes: [ColumnBuffer<Int32>?]
  private let tallies: ParallelResults<NumberTally>
  private let interners: [CategoryInterner]

  /// Rows that are read column by column before the next ones are: their text stays in the cache.
  private static let blockRows = 512

  init(_ table: CSVTable, columns: [Int], readings: [Reading]) {
    self.table = table
    self.columns = columns
    self.readings = readings
    numbers = readings.map { $0 == .numbers ? ColumnBuffer(count: table.rowCount, initial: .nan) : nil }
    codes = readings.map { $0 == .codes ? ColumnBuffer(count: table.rowCount, initial: -1) : nil }
    let cells = table.parts.count * columns.count
    tallies = ParallelResults(count: cells, initial: NumberTally())
    interners = (0..<cells).map { _ in CategoryInterner() }
    run()
  }

  private func run() {
    ThreadPool.shared.run(table.parts.count) { part in
      let rows = table.parts[part].recordCount
      var first = 0
      while first < rows {
        let last = min(first + Self.blockRows, rows)
        for place in columns.indices {
          switch readings[place] {
          case .numbers: readNumbers(part, place, first, last)
          case .codes: readCodes(part, place, first, last)
          }
        }
        first = last
      }
    }
  }

  private func readNumbers(_ part: Int, _ place: Int, _ first: Int, _ last: Int) {
    guard let target = numbers[place]?.base else { return }
    let index = table.parts[part]
    let shift = table.firstRows[part]
    let column = columns[place]
    var tally = tallies[part * columns.count + place]
    var record = first
    while record < last {
      let bytes = index.cell(table.base, record: record, column: column).bytes
      if let number = CellParser.number(bytes) {
        target[shift &+ record] = number
        tally.numbers &+= 1
        tally.known &+= 1
      } else {
        note(bytes, row: shift + record, in: &tally)
      }
      record &+= 1
    }
    tallies[part * columns.count + place] = tally
  }

  @inline(never)
  private func note(_ bytes: UnsafeBufferPointer<UInt8>, row: Int, in tally: inout NumberTally) {
    let notFinite = CellParser.isNotFinite(bytes)
    guard notFinite || !CellParser.isMissing(bytes) else { return }
    if !CellParser.isMissing(bytes) {
      tally.known += 1
      // An infinity is what a column of numbers holds; it is refused, but it makes no category.
      if notFinite { tally.numbers += 1 }
    }
    if tally.firstOffence == nil { tally.firstOffence = row }
  }

  private func readCodes(_ part: Int, _ place: Int, _ first: Int, _ last: Int) {
    guard let target = codes[place]?.base else { return }
    let index = table.parts[part]
    let shift = table.firstRows[part]
    let column = columns[place]
    let interner = interners[part * columns.count + place]
    var record = first
    while record < last {
      target[shift &+ record] = interner.code(index.cell(table.base, record: record, column: column))
      record &+= 1
    }
  }

  /// The tally of a column read as numbers.
  func tally(_ place: Int) -> NumberTally {
    var sum = NumberTally()
    for part in table.parts.indices {
      let tally = tallies[part * columns.count + place]
      sum.numbers += tally.numbers
      sum.known += tally.known
      sum.firstOffence = sum.firstOffence ?? tally.firstOffence
    }
    return sum
  }

  /// Makes one numbering of all parts' codes, by first appearance in the file, and returns the values it numbers.
  /// Columns may be unified on different threads.
  func unify(_ place: Int) -> CategoryInterner {
    let all = interners[place]
    guard let target = codes[place]?.base else { return all }
    for part in table.parts.indices.dropFirst() {
      let renumbered = all.merge(interners[part * columns.count + place])
      let first = table.firstRows[part]
      renumbered.withUnsafeBufferPointer { renumbered in
        var row = first
        let end = first + table.parts[part].recordCount
        while row < end {
          target[row] = renumbered[Int(target[row])]
          row &+= 1
        }
      }
    }
    return all
  }
}
