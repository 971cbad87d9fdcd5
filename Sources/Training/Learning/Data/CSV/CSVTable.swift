/// A CSV file in memory, held as its bytes and the place of every cell: for predictions, and wherever single cells are
/// asked for. Training reads its files in passing, see `ColumnReader`.
///
/// Four bytes a cell; text is made only when somebody asks for it.
package final class CSVTable {
  /// Column names in file order, all different. A column whose name is empty is called `columnN`, N from 1, and so are
  /// all columns of a file without a header.
  package let columns: [String]
  /// Number of records, the header not among them.
  package var rowCount: Int { index.recordCount }

  /// The bytes, as training would read them.
  let source: CSVSource
  let layout: CSVLayout
  private let buffer: ByteBuffer
  private let index: CellIndex

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

  /// - Throws: `emptyDataset` without any record, `duplicateColumn`, `raggedLine`, `malformedQuote`.
  package init(buffer: ByteBuffer, header: Bool = true) throws(LearningError) {
    self.buffer = buffer
    source = CSVSource(buffer)
    layout = try CSVLayout(source, header: header)
    columns = layout.columns
    index = CellIndex(width: layout.columns.count)
    index.reset(start: layout.firstRow)
    RecordIndexer(base: buffer.base, count: buffer.count, isLast: true).fill(index, limit: buffer.count)
    if let flaw = index.flaw { throw try LearningError(flaw, width: columns.count, at: 0, source) }
  }

  /// The line of the file on which row `row` starts, from 1. Counted anew each time: only messages ask for it.
  package func line(ofRow row: Int) -> Int {
    precondition(row >= 0 && row < rowCount, "no such row")
    return 1
      + RecordIndexer(base: buffer.base, count: buffer.count, isLast: true)
      .lineBreaks(before: index.start(ofRecord: row))
  }

  /// One cell. Its bytes are the table's: do not let them outlive it.
  package func cell(row: Int, column: Int) -> CSVCell {
    precondition(row >= 0 && row < rowCount && columns.indices.contains(column), "no such cell")
    return index.cell(buffer.base, record: row, column: column)
  }

  /// The cell's text, quotes undone, invalid UTF-8 replaced.
  package func text(row: Int, column: Int) -> String { cell(row: row, column: column).text }
}
