/// Indexes a file's records in several stretches at once, with the same result as in one.
///
/// Whether a line break in the middle of a file ends a record or lies in a quoted cell depends on everything before it.
/// So each stretch begins at a guess, the first line break. Afterwards the ends are followed from the first stretch on:
/// where one stretch did not end exactly where the next began, that next one is indexed again, from the right place.
enum PartitionedIndex {
  /// - Parameter start: where the first record begins, or the end of the bytes.
  /// - Throws: `raggedLine`, `malformedQuote`: always the first flaw of the file.
  static func make(
    _ indexer: RecordIndexer, from start: Int, width: Int, parts: Int
  ) throws(LearningError) -> [CellIndex] {
    let total = indexer.count - start
    let count = max(1, min(parts, total))
    let limits = (1...count).map { start + total / count * $0 + ($0 == count ? total % count : 0) }
    let expected = expectedRecords(indexer, from: start, parts: count)
    var indexes: [CellIndex] = []
    for part in 0..<count {
      let begin = part == 0 ? start : indexer.guessedRecordStart(limits[part - 1])
      indexes.append(CellIndex(width: width, start: begin, expectedRecords: expected))
    }
    ThreadPool.shared.run(count) { part in indexer.fill(indexes[part], limit: limits[part]) }

    var position = start
    for part in 0..<count {
      if indexes[part].start != position {
        // Where a record reaches over the whole stretch nothing is left of it.
        let again = CellIndex(
          width: width, start: position, expectedRecords: position < limits[part] ? expected : 1)
        indexer.fill(again, limit: limits[part])
        indexes[part] = again
      }
      if let flaw = indexes[part].flaw { throw LearningError(flaw, width: width, indexer) }
      position = indexes[part].end
    }
    return indexes
  }

  /// A little more than the first thousand records promise, so that an index seldom grows.
  private static func expectedRecords(_ indexer: RecordIndexer, from start: Int, parts: Int) -> Int {
    let sample = min(indexer.count, start + 1 << 16)
    var breaks = 1
    for place in stride(from: start, to: sample, by: 1) where indexer.base[place] == Ascii.newline { breaks += 1 }
    let bytes = max(1, (sample - start) / breaks)
    return (indexer.count - start) / parts / bytes * 9 / 8 + 16
  }
}
