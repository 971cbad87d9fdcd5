/// Schema and statistics of a CSV file, read once and in pieces: memory does not grow with the file.
///
/// Rows that cannot be read are left out and warned of; only a file without columns has no summary at all.
package struct TableSummary: Sendable, Hashable {
  package var columns: [ColumnSummary]
  /// Rows that could be read.
  package var rows: Int
  /// What training would refuse, a sentence each.
  package var warnings: [String]

  /// Different values of a column that are counted; fewer where there are many columns, so that all together stay small.
  package static let distinctBound = 10_000
  private static let totalBound = 2_000_000

  /// - Parameters:
  ///   - header: whether the first record names the columns.
  ///   - windowBytes: how much is read at a time. It decides nothing but speed.
  ///   - maximumRecordBytes: what is longer than this is no record: somewhere a quote is not closed.
  ///   - progress: told the bytes that are read; it may throw to end the reading.
  /// - Throws: `fileUnreadable`, `emptyDataset`, `duplicateColumn`, `malformedQuote` in the header.
  package static func read(
    path: String, header: Bool = true, windowBytes: Int = ColumnPart.windowBytes,
    maximumRecordBytes: Int = 64 << 20, progress: (Int) throws(LearningError) -> Void = { _ throws(LearningError) in }
  ) throws(LearningError) -> TableSummary {
    let source = try CSVSource(path: path)
    let layout = try CSVLayout(source, header: header)
    var pass = Pass(layout)
    var buffer = ByteBuffer(count: 0)
    var start = layout.firstRow
    var length = windowBytes
    while start < source.count {
      let window = try source.window(from: start, length: length, &buffer)
      let end = try pass.take(window, of: source)
      if end == 0 {
        // Not even one record ends in this window.
        guard length < maximumRecordBytes else {
          pass.stop(line: try source.line(of: start), "a record there is longer than \(maximumRecordBytes) bytes")
          break
        }
        length *= 2
      } else {
        start += end
        length = windowBytes
        try progress(end)
      }
      if pass.isOver { break }
    }
    return pass.summary
  }

  /// One way through a file.
  private struct Pass {
    private let layout: CSVLayout
    private let index: CellIndex
    private var tallies: [ColumnTally]
    private var rows = 0
    private var badRows = 0
    private var firstBad: String?
    private var end: String?

    init(_ layout: CSVLayout) {
      self.layout = layout
      let width = layout.columns.count
      index = CellIndex(width: width)
      let bound = max(100, min(distinctBound, totalBound / width))
      tallies = layout.columns.map { _ in ColumnTally(bound: bound) }
    }

    /// Whether nothing that follows can be read.
    var isOver: Bool { end != nil }

    /// Takes the records that end in a window.
    /// - Returns: the bytes that they have.
    mutating func take(_ window: CSVSource.Window, of source: CSVSource) throws(LearningError) -> Int {
      var start = 0
      while start < window.count {
        index.reset(start: start)
        RecordIndexer(window).fill(index, limit: window.count)
        takeRecords(window)
        switch index.flaw {
        case nil: return index.end
        case .ragged(let place, let found):
          badRows += 1
          if firstBad == nil {
            firstBad = "line \(try source.line(of: window.start + place)) has \(found) cells, not \(index.width)"
          }
          start = Self.end(ofRecordAt: place, width: found, in: window)
        case .unclosedQuote(let opening):
          stop(line: try source.line(of: window.start + opening), "a quote that is opened there is never closed")
          return window.count
        }
      }
      return start
    }

    private mutating func takeRecords(_ window: CSVSource.Window) {
      for column in tallies.indices {
        let cells = CellIndex.Cells(base: window.base, index: index, column: column)
        for record in 0..<index.recordCount { tallies[column].take(cells[record]) }
      }
      rows += index.recordCount
    }

    /// Where the record behind one of another width begins.
    private static func end(ofRecordAt place: Int, width: Int, in window: CSVSource.Window) -> Int {
      let record = CellIndex(width: width)
      record.reset(start: place)
      RecordIndexer(window).fill(record, limit: place + 1)
      return max(record.end, place + 1)
    }

    mutating func stop(line: Int, _ why: String) { end = "nothing from line \(line) on can be read: \(why)" }

    var summary: TableSummary {
      var warnings: [String] = []
      if let firstBad {
        warnings.append(
          badRows == 1
            ? "one row is left out: \(firstBad)" : "\(badRows) rows are left out, the first of them: \(firstBad)"
        )
      }
      if let end { warnings.append(end) }
      let named = zip(layout.columns, tallies)
      return TableSummary(
        columns: named.map { $1.summary(named: $0) }, rows: rows,
        warnings: warnings + named.flatMap { $1.warnings(named: $0) })
    }
  }
}
