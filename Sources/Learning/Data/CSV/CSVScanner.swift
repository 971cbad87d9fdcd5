/// Finds cells in CSV bytes (RFC 4180): quoted cells may hold commas, quotes (doubled) and line breaks; lines end in
/// LF, CRLF or a lone CR; empty lines are skipped. One record a call, no String, nothing copied.
///
/// Beyond the RFC, and as in Python's csv: a quote inside an unquoted cell is text, and a cell goes on unquoted where
/// text follows its closing quote.
package struct CSVScanner {
  /// Where a cell's bytes lie.
  package struct Cell: Sendable, Equatable {
    /// Offset of the first byte, after an opening quote.
    package var start: UInt32
    /// Number of bytes, without the quotes around the cell.
    private var lengthAndFlag: UInt32

    package init(start: Int, length: Int, hasDoubledQuotes: Bool) {
      self.start = UInt32(truncatingIfNeeded: start)
      lengthAndFlag = UInt32(truncatingIfNeeded: length) << 1 | (hasDoubledQuotes ? 1 : 0)
    }

    package var length: Int { Int(lengthAndFlag >> 1) }
    /// The content holds `""` that stand for one quote each.
    package var hasDoubledQuotes: Bool { lengthAndFlag & 1 == 1 }
  }

  /// The largest input: a cell's length has 31 bits.
  package static let maximumBytes = Int(Int32.max)

  private let bytes: UnsafeBufferPointer<UInt8>
  private let count: Int
  private var position = 0
  private var nextLine = 1

  /// The line on which the record last returned starts, from 1.
  package private(set) var line = 1

  /// - Parameter bytes: the whole input, which must outlive the scanner; a UTF-8 byte order mark is skipped.
  package init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    count = bytes.count
    if count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
  }

  /// Appends the cells of the next record to `cells`; false at the end of the input.
  /// - Throws: `LearningError.malformedQuote` with the line of the offence.
  package mutating func next(into cells: inout [Cell]) throws(LearningError) -> Bool {
    while position < count, bytes[position] == Ascii.newline || bytes[position] == Ascii.carriageReturn {
      endLine()
    }
    guard position < count else { return false }
    line = nextLine
    while true {
      if position < count, bytes[position] == Ascii.quote {
        cells.append(try quotedCell())
      } else {
        let start = position
        skipUnquoted()
        cells.append(Cell(start: start, length: position - start, hasDoubledQuotes: false))
      }
      guard position < count else { return true }
      if bytes[position] == Ascii.comma {
        position &+= 1
        continue
      }
      endLine()
      return true
    }
  }

  private mutating func skipUnquoted() {
    while position < count, !isSeparator(bytes[position]) { position &+= 1 }
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    byte == Ascii.comma || byte == Ascii.newline || byte == Ascii.carriageReturn
  }

  private mutating func endLine() {
    if bytes[position] == Ascii.carriageReturn, position + 1 < count, bytes[position + 1] == Ascii.newline {
      position &+= 1
    }
    position &+= 1
    nextLine &+= 1
  }

  private mutating func quotedCell() throws(LearningError) -> Cell {
    let opening = nextLine
    position &+= 1
    let start = position
    var doubled = false
    while position < count {
      let byte = bytes[position]
      if byte == Ascii.quote {
        if position + 1 < count, bytes[position + 1] == Ascii.quote {
          doubled = true
          position &+= 2
          continue
        }
        let end = position
        position &+= 1
        if position == count || isSeparator(bytes[position]) {
          return Cell(start: start, length: end - start, hasDoubledQuotes: doubled)
        }
        // Files in the wild hold "a "b" c": the cell goes on, unquoted from here, and keeps its inner quotes.
        skipUnquoted()
        let length = position - start - (bytes[position - 1] == Ascii.quote ? 1 : 0)
        return Cell(start: start, length: length, hasDoubledQuotes: true)
      }
      // CRLF counts once, at its LF; a lone CR counts itself.
      if byte == Ascii.newline
        || (byte == Ascii.carriageReturn && !(position + 1 < count && bytes[position + 1] == Ascii.newline))
      {
        nextLine &+= 1
      }
      position &+= 1
    }
    throw .malformedQuote(line: opening, detail: "a quote that is opened here is never closed")
  }
}

/// The few bytes the readers look for.
package enum Ascii {
  package static let newline = UInt8(ascii: "\n")
  package static let carriageReturn = UInt8(ascii: "\r")
  package static let comma = UInt8(ascii: ",")
  package static let quote = UInt8(ascii: "\"")
  package static let space = UInt8(ascii: " ")
  package static let tab = UInt8(ascii: "\t")
  package static let zero = UInt8(ascii: "0")
  package static let minus = UInt8(ascii: "-")
  package static let plus = UInt8(ascii: "+")
  package static let point = UInt8(ascii: ".")
}
