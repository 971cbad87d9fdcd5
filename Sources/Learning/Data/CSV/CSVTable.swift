/// A CSV file with a header, held as its bytes and the place of every cell.
///
/// Eight bytes a cell; text is made only when somebody asks for it.
package final class CSVTable {
  /// Column names in file order, all different. A column whose name is empty is called `columnN`, N from 1.
  package let columns: [String]
  /// Number of records after the header.
  package let rowCount: Int

  private let buffer: ByteBuffer
  private let cells: [CSVScanner.Cell]
  private let lines: [Int32]

  /// Reads the file at `path`.
  /// - Throws: `fileUnreadable`, `fileTooLarge`, and what `init(buffer:)` throws.
  package convenience init(path: String) throws(LearningError) {
    let buffer = try FileReader.read(path)
    guard buffer.count <= CSVScanner.maximumBytes else {
      throw .fileTooLarge(path: path, bytes: buffer.count, limit: CSVScanner.maximumBytes)
    }
    try self.init(buffer: buffer)
  }

  /// Reads CSV text.
  package convenience init(text: String) throws(LearningError) {
    try self.init(buffer: ByteBuffer(Array(text.utf8)))
  }

  /// - Throws: `emptyDataset` without a header, `duplicateColumn`, `raggedLine`, `malformedQuote`.
  package init(buffer: ByteBuffer) throws(LearningError) {
    self.buffer = buffer
    var scanner = CSVScanner(buffer.bytes)
    var header: [CSVScanner.Cell] = []
    guard try scanner.next(into: &header) else { throw .emptyDataset(detail: "the file has no header line") }
    var names: [String] = []
    var seen: Set<String> = []
    for (index, cell) in header.enumerated() {
      let name = Self.trimmed(Self.text(cell, in: buffer))
      let unique = name.isEmpty ? "column\(index + 1)" : name
      guard seen.insert(unique).inserted else { throw .duplicateColumn(name: unique) }
      names.append(unique)
    }
    columns = names

    var cells: [CSVScanner.Cell] = []
    var lines: [Int32] = []
    let width = header.count
    // A first guess from the header's length keeps the array from being copied over and over as it grows.
    cells.reserveCapacity(buffer.count / 8)
    while true {
      let before = cells.count
      guard try scanner.next(into: &cells) else { break }
      guard cells.count - before == width else {
        throw .raggedLine(line: scanner.line, expected: width, found: cells.count - before)
      }
      lines.append(Int32(truncatingIfNeeded: scanner.line))
    }
    self.cells = cells
    self.lines = lines
    rowCount = lines.count
  }

  /// The line of the file on which row `row` starts, from 1.
  package func line(ofRow row: Int) -> Int { Int(lines[row]) }

  /// The cell's text, quotes undone, invalid UTF-8 replaced.
  package func text(row: Int, column: Int) -> String {
    Self.text(cells[row &* columns.count &+ column], in: buffer)
  }

  /// Calls `body` with each cell of `column`, top to bottom, as raw bytes (doubled quotes still doubled), until it
  /// returns false.
  package func forEachCell(in column: Int, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Bool) {
    cells.withUnsafeBufferPointer { cells in
      var row = 0
      var index = column
      while row < rowCount {
        let cell = cells[index]
        let bytes = UnsafeBufferPointer(start: UnsafePointer(buffer.base + Int(cell.start)), count: cell.length)
        guard body(row, bytes) else { return }
        row &+= 1
        index &+= columns.count
      }
    }
  }

  private static func text(_ cell: CSVScanner.Cell, in buffer: ByteBuffer) -> String {
    let bytes = UnsafeBufferPointer(start: buffer.base + Int(cell.start), count: cell.length)
    guard cell.hasDoubledQuotes else { return String(decoding: bytes, as: UTF8.self) }
    return CSVText.unescaped(bytes)
  }

  private static func trimmed(_ name: String) -> String {
    var view = name[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}

/// Text of cells, and cells of text.
package enum CSVText {
  /// The text that `bytes` stand for once doubled quotes are single again.
  package static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      result.append(bytes[index])
      let isDoubled = bytes[index] == Ascii.quote && index + 1 < bytes.count && bytes[index + 1] == Ascii.quote
      index += isDoubled ? 2 : 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `text` as a cell of a CSV file, quoted where RFC 4180 asks for it.
  package static func escaped(_ text: String) -> String {
    let special: Set<UInt8> = [Ascii.comma, Ascii.quote, Ascii.newline, Ascii.carriageReturn]
    guard text.utf8.contains(where: special.contains) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
