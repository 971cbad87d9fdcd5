/// How a CSV file begins: its columns, and where its rows start.
struct CSVLayout {
  /// Column names in file order, all different. A column whose name is empty is called `columnN`, N from 1, and so are
  /// all columns of a file without a header.
  let columns: [String]
  /// The offset of the first row, or the end of the file.
  let firstRow: Int

  /// - Throws: `emptyDataset` without any record, `duplicateColumn`, `malformedQuote`, `fileUnreadable`.
  init(_ source: CSVSource, header: Bool) throws(LearningError) {
    var buffer = ByteBuffer(count: 0)
    var length = 1 << 16
    while true {
      let window = try source.window(from: 0, length: length, &buffer)
      let indexer = RecordIndexer(window)
      let hasMark =
        window.count >= 3 && window.base[0] == 0xEF && window.base[1] == 0xBB && window.base[2] == 0xBF
      let start = indexer.skippingLineBreaks(hasMark ? 3 : 0)
      // Its width is not known yet; an index of width 0 tells it.
      let counter = CellIndex(width: 0)
      counter.reset(start: start)
      indexer.fill(counter, limit: start + 1)
      switch counter.flaw {
      case .ragged(_, let width):
        let record = CellIndex(width: width)
        record.reset(start: start)
        indexer.fill(record, limit: start + 1)
        columns = header ? try Self.names(record, window.base) : (1...width).map { "column\($0)" }
        firstRow = header ? record.end : start
        return
      case .unclosedQuote:
        throw try LearningError(counter.flaw, width: 0, at: 0, source)
      case nil:
        guard !window.isLast else {
          throw .emptyDataset(detail: header ? "the file has no header line" : "the file is empty")
        }
        length *= 4
      }
    }
  }

  private static func names(_ header: CellIndex, _ base: UnsafePointer<UInt8>) throws(LearningError) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for column in 0..<header.width {
      let name = trimmed(header.cell(base, record: 0, column: column).text)
      let unique = name.isEmpty ? "column\(column + 1)" : name
      guard seen.insert(unique).inserted else { throw .duplicateColumn(name: unique) }
      names.append(unique)
    }
    return names
  }

  private static func trimmed(_ name: String) -> String {
    var view = name[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}

extension LearningError {
  /// What a flaw means to a person; its offsets count from `start` in the file.
  init(_ flaw: CellIndex.Flaw?, width: Int, at start: Int, _ source: CSVSource) throws(LearningError) {
    switch flaw {
    case .ragged(let record, let found):
      self = .raggedLine(line: try source.line(of: start + record), expected: width, found: found)
    case .unclosedQuote(let opening):
      self = .malformedQuote(
        line: try source.line(of: start + opening), detail: "a quote that is opened here is never closed")
    case nil:
      self = .emptyDataset(detail: "the file has no records")
    }
  }
}
