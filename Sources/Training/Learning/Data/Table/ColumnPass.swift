/// One pass over a whole file for some of its columns, in several parts at once, with the same result as in one.
///
/// Whether a line break in the middle of a file ends a record or lies in a quoted cell depends on everything before it.
/// So each part begins at a guess, the first line break. Afterwards the ends are followed from the first part on: where
/// one part did not end exactly where the next began, that next one is read again, from the right place.
struct ColumnPass {
  /// In the order of the file.
  let parts: [ColumnPart]

  /// - Parameters:
  ///   - places: which columns.
  ///   - readings: how; one for each of `places`.
  ///   - partCount: nil: as suits the file and the number of threads.
  /// - Throws: `raggedLine`, `malformedQuote`, always for the first flaw of the file; `fileUnreadable`.
  init(
    _ source: CSVSource, _ layout: CSVLayout, places: [Int], readings: [ColumnPart.Reading], partCount: Int? = nil
  ) throws(LearningError) {
    let start = layout.firstRow
    let total = source.count - start
    let count = max(1, min(partCount ?? Self.suitableParts(total), total))
    let limits = (1...count).map { $0 == count ? source.count : start + total / count * $0 }
    func part(_ start: Int) -> ColumnPart {
      ColumnPart(width: layout.columns.count, places: places, readings: readings, start: start)
    }
    let first = part(start)
    let outcomes = ParallelResults<ColumnPart?>(count: count, initial: nil)
    ThreadPool.shared.run(count) { number in
      let reader = number == 0 ? first : Self.guess(source, limits[number - 1]).map(part)
      reader?.read(source, limit: limits[number])
      outcomes[number] = reader
    }
    var parts: [ColumnPart] = []
    var position = start
    for number in 0..<count {
      var reader = outcomes[number] ?? part(position)
      if outcomes[number]?.start != position {
        reader = part(position)
        reader.read(source, limit: limits[number])
      }
      if let error = reader.error { throw error }
      parts.append(reader)
      position = reader.end
    }
    self.parts = parts
  }

  /// Where a record would begin at or after `offset`, if no quoted cell lay across it; nil where the next few kilobytes
  /// hold no line break.
  private static func guess(_ source: CSVSource, _ offset: Int) -> Int? {
    var buffer = ByteBuffer(count: 0)
    guard let window = try? source.window(from: offset - 1, length: 1 << 14, &buffer) else { return nil }
    let indexer = RecordIndexer(window)
    guard let place = indexer.firstLineBreak() else { return nil }
    let start = indexer.skippingLineBreaks(place)
    return start < window.count ? window.start + start : nil
  }

  private static func suitableParts(_ bytes: Int) -> Int {
    let threads = ThreadPool.shared.threads
    return threads == 1 ? 1 : min(max(1, bytes / ColumnPart.windowBytes), 4 * threads)
  }

  /// All segments of a column.
  func segments(_ place: Int) -> [ColumnSegment] { parts.flatMap { $0.columns[place].segments } }

  /// The tally of a column read as numbers.
  func tally(_ place: Int) -> ColumnPart.NumberTally {
    var sum = ColumnPart.NumberTally()
    var first = 0
    for part in parts {
      let tally = part.columns[place].tally
      sum.numbers += tally.numbers
      sum.known += tally.known
      sum.firstOffence = sum.firstOffence ?? tally.firstOffence.map { first + $0 }
      first += part.rowCount
    }
    return sum
  }

  /// All values of a column read as codes, numbered by first appearance in the file, and for each part what its own
  /// numbers are among them. To be asked once a column.
  func unified(_ place: Int) -> (values: CategoryInterner, numbers: [[Int32]]) {
    let all = parts[0].columns[place].interner
    var numbers = [all.entries.indices.map { Int32(truncatingIfNeeded: $0) }]
    for part in parts.dropFirst() { numbers.append(all.merge(part.columns[place].interner)) }
    return (all, numbers)
  }
}
