/// A CSV file, held as its bytes and the place of every cell.
///
/// Four bytes a cell; text is made only when somebody asks for it. Large files are indexed on several threads.
package final class CSVTable {
  /// Column names in file order, all different. A column whose name is empty is called `columnN`, N from 1, and so are
  /// all columns of a file without a header.
  package let columns: [String]
  /// Number of records, the header not among them.
  package let rowCount: Int

  /// Consecutive stretches of rows, each indexed by itself. How many there are decides nothing but speed.
  let parts: [CellIndex]
  /// The row with which each part begins.
  let firstRows: [Int]
  let base: UnsafePointer<UInt8>
  private let buffer: ByteBuffer

  /// The largest file: offsets have 32 bits.
  package static let maximumBytes = Int(UInt32.max) - 2 * ByteBuffer.padding

  /// Reads the file at `path`.
  /// - Parameter header: whether the first record names the columns.
  /// - Throws: `fileUnreadable`, `fileTooLarge`, and what `init(buffer:)` throws.
  package convenience init(path: String, header: Bool = true) throws(LearningError) {
    try self.init(buffer: try FileReader.read(path, limit: Self.maximumBytes), header: header)
  }

  /// Reads CSV text.
  package convenience init(text: String, header: Bool = true) throws(LearningError) {
    try self.init(buffer: ByteBuffer(Array(text.utf8)), header: header)
  }

  /// - Parameter parts: into how many stretches the bytes are cut; nil: as suits their number and that of the threads.
  /// - Throws: `emptyDataset` without any record, `duplicateColumn`, `raggedLine`, `malformedQuote`.
  package init(buffer: ByteBuffer, header: Bool = true, parts: Int? = nil) throws(LearningError) {
    self.buffer = buffer
    base = UnsafePointer(buffer.base)
    let indexer = RecordIndexer(base: base, count: buffer.count)
    let hasMark = buffer.count >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF
    let start = indexer.skippingLineBreaks(hasMark ? 3 : 0)
    guard start < buffer.count else {
      throw .emptyDataset(detail: header ? "the file has no header line" : "the file is empty")
    }
    let first = try Self.firstRecord(indexer, from: start)
    columns = header ? try Self.names(first, base) : (1...first.width).map { "column\($0)" }
    self.parts = try PartitionedIndex.make(
      indexer, from: header ? first.end : start, width: first.width, parts: parts ?? Self.suitableParts(buffer.count))
    var rows = 0
    var firstRows: [Int] = []
    for part in self.parts {
      firstRows.append(rows)
      rows += part.recordCount
    }
    self.firstRows = firstRows
    rowCount = rows
  }

  /// The line of the file on which row `row` starts, from 1. Counted anew each time: only messages ask for it.
  package func line(ofRow row: Int) -> Int {
    let (part, record) = locate(row)
    return RecordIndexer(base: base, count: buffer.count).line(of: Int(part.offsets[record * part.stride]))
  }

  /// One cell. Its bytes are the table's: do not let them outlive it.
  package func cell(row: Int, column: Int) -> CSVCell {
    let (part, record) = locate(row)
    return part.cell(base, record: record, column: column)
  }

  /// The cell's text, quotes undone, invalid UTF-8 replaced.
  package func text(row: Int, column: Int) -> String { cell(row: row, column: column).text }

  private func locate(_ row: Int) -> (part: CellIndex, record: Int) {
    precondition(row >= 0 && row < rowCount, "no such row")
    var low = 0
    var high = firstRows.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if firstRows[middle] <= row { low = middle } else { high = middle - 1 }
    }
    return (parts[low], row - firstRows[low])
  }

  private static func suitableParts(_ bytes: Int) -> Int {
    let threads = ThreadPool.shared.threads
    return threads == 1 ? 1 : min(max(1, bytes >> 18), 4 * threads)
  }

  private static func firstRecord(_ indexer: RecordIndexer, from start: Int) throws(LearningError) -> CellIndex {
    let counter = CellIndex(width: 0, start: start, expectedRecords: 1)
    indexer.fill(counter, limit: start + 1)
    guard case .ragged(_, let width)? = counter.flaw else {
      throw LearningError(counter.flaw, width: 0, indexer)
    }
    let record = CellIndex(width: width, start: start, expectedRecords: 1)
    indexer.fill(record, limit: start + 1)
    return record
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
  /// What a flaw in the bytes means to a person.
  init(_ flaw: CellIndex.Flaw?, width: Int, _ indexer: RecordIndexer) {
    switch flaw {
    case .ragged(let start, let found):
      self = .raggedLine(line: indexer.line(of: start), expected: width, found: found)
    case .unclosedQuote(let opening):
      self = .malformedQuote(
        line: indexer.line(of: opening), detail: "a quote that is opened here is never closed")
    case nil:
      self = .emptyDataset(detail: "the file has no records")
    }
  }
}
