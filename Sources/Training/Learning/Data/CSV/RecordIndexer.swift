import CTextScan

/// Finds cells in CSV bytes (RFC 4180): quoted cells may hold commas, quotes (doubled) and line breaks; lines end in
/// LF, CRLF or a lone CR; empty lines are skipped. No String, nothing copied.
///
/// Beyond the RFC, and as in Python's csv: a quote inside an unquoted cell is text, and a cell goes on unquoted where
/// text follows its closing quote.
///
/// Blocks of 64 bytes are turned into a bit mask of the bytes that matter, and only those are looked at (the idea of
/// Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
struct RecordIndexer {
  /// The bytes, with `ByteBuffer.padding` readable ones after them.
  let base: UnsafePointer<UInt8>
  let count: Int
  /// Whether the file ends with these bytes. Otherwise a record that they do not end is not indexed.
  let isLast: Bool

  init(base: UnsafePointer<UInt8>, count: Int, isLast: Bool) {
    self.base = base
    self.count = count
    self.isLast = isLast
  }

  init(_ window: CSVSource.Window) { self.init(base: window.base, count: window.count, isLast: window.isLast) }

  /// Indexes records from `index.start`, where one begins, up to the first that begins at or after `limit`, or to the
  /// first flaw. With an index of width 0 the first record is reported as ragged: that is how a header is counted.
  func fill(_ index: CellIndex, limit: Int) {
    let width = index.width
    var block = index.start & ~63
    var mask = block < count ? ctextscan_mask(base + block) & (UInt64.max << UInt64(index.start & 63)) : 0
    var cellStart = index.start
    var recordStart = index.start
    var cells = 0
    var quoteOpening = 0
    var quoteClosing = -2
    var isQuoted = false
    guard index.start < min(limit, count) else { return }
    var target = index.place()
    target[0] = UInt32(truncatingIfNeeded: recordStart)
    while true {
      while mask == 0 {
        block &+= 64
        guard block < count else {
          guard isLast else {
            index.end = recordStart
            return
          }
          if isQuoted {
            index.flaw = .unclosedQuote(opening: quoteOpening)
          } else if cells > 0 || cellStart < count {
            if cells < width { target[cells &+ 1] = UInt32(truncatingIfNeeded: count) }
            finish(index, recordStart, cells &+ 1)
          }
          index.end = count
          return
        }
        mask = ctextscan_mask(base + block)
      }
      let place = block &+ mask.trailingZeroBitCount
      mask &= mask &- 1
      let byte = base[place]
      if byte == Ascii.quote {
        if isQuoted {
          isQuoted = false
          quoteClosing = place
        } else if place == cellStart {
          isQuoted = true
          quoteOpening = place
        } else if place == quoteClosing &+ 1 {
          // A doubled quote: the cell was not closed after all.
          isQuoted = true
        }
        continue
      }
      if isQuoted { continue }
      if byte == Ascii.comma {
        if cells < width { target[cells &+ 1] = UInt32(truncatingIfNeeded: place) }
        cells &+= 1
        cellStart = place &+ 1
        continue
      }
      if cells > 0 || place > cellStart {
        if cells < width { target[cells &+ 1] = UInt32(truncatingIfNeeded: place) }
        guard finish(index, recordStart, cells &+ 1) else { return }
        target = index.place()
        cells = 0
      }
      cellStart = place &+ 1
      recordStart = cellStart
      if recordStart >= limit {
        index.end = skippingLineBreaks(recordStart)
        return
      }
      target[0] = UInt32(truncatingIfNeeded: recordStart)
    }
  }

  @discardableResult @inline(__always)
  private func finish(_ index: CellIndex, _ start: Int, _ cells: Int) -> Bool {
    guard cells == index.width else {
      index.flaw = .ragged(start: start, found: cells)
      return false
    }
    index.commit()
    return true
  }

  /// The first place at or after `offset` that is no line break.
  func skippingLineBreaks(_ offset: Int) -> Int {
    var place = offset
    while place < count, isLineBreak(base[place]) { place &+= 1 }
    return place
  }

  /// The first line break.
  func firstLineBreak() -> Int? { (0..<count).first { isLineBreak(base[$0]) } }

  /// How many lines end before `offset`. CRLF ends one.
  func lineBreaks(before offset: Int) -> Int {
    var lines = 0
    var place = 0
    while place < offset {
      let byte = base[place]
      if byte == Ascii.newline || (byte == Ascii.carriageReturn && base[place &+ 1] != Ascii.newline) { lines &+= 1 }
      place &+= 1
    }
    return lines
  }

  private func isLineBreak(_ byte: UInt8) -> Bool { byte == Ascii.newline || byte == Ascii.carriageReturn }
}
