/// Reads some columns of a stretch of a file, in one go through it: window by window, and in each window column by
/// column, so that the text is still in the processor's cache.
///
/// Each column is read as numbers or as byte strings with numbers of their own, whichever was guessed. What a column
/// turns out to be is decided afterwards, from the counts.
final class ColumnPart {
  /// What a column is read as.
  enum Reading {
    case numbers
    case codes
  }

  /// What reading a column as numbers showed.
  struct NumberTally {
    /// Cells with a number; infinities among them.
    var numbers = 0
    /// Cells that are known: neither missing nor `NaN`.
    var known = 0
    /// The first row, counted from the start of the part, whose cell is known and no finite number, or is `NaN`.
    var firstOffence: Int?
  }

  /// One column of the part.
  struct Column {
    let reading: Reading
    var segments: [ColumnSegment] = []
    var tally = NumberTally()
    let interner = CategoryInterner()
  }

  private(set) var columns: [Column]
  /// Records read.
  private(set) var rowCount = 0
  /// Where the first record begins, and where the first after the part does.
  let start: Int
  private(set) var end: Int
  private(set) var error: LearningError?

  private let places: [Int]
  private let index: CellIndex
  private var buffer = ByteBuffer(count: 0)
  private var numbers: [Double] = []
  private var codes: [Int32] = []

  /// Bytes read at a time.
  static let windowBytes = 1 << 18

  /// - Parameters:
  ///   - width: cells of a record.
  ///   - places: which of them are wanted.
  ///   - readings: how; one for each of `places`.
  init(width: Int, places: [Int], readings: [Reading], start: Int) {
    self.places = places
    self.start = start
    end = start
    columns = readings.map { Column(reading: $0) }
    index = CellIndex(width: width)
  }

  /// Reads the records that begin before `limit`; `error` says what went wrong, if anything did.
  func read(_ source: CSVSource, limit: Int, windowBytes: Int = ColumnPart.windowBytes) {
    do throws(LearningError) {
      var length = windowBytes
      while end < min(limit, source.count) {
        let window = try source.window(from: end, length: length, &buffer)
        index.reset(start: 0)
        RecordIndexer(window).fill(index, limit: limit - end)
        if index.recordCount > 0 { take(window) }
        if let flaw = index.flaw { throw try LearningError(flaw, width: index.width, at: end, source) }
        if index.end == 0 {
          // Not even one record ends in this window.
          length *= 2
        } else {
          end += index.end
          length = windowBytes
        }
      }
    } catch {
      self.error = error
    }
    buffer = ByteBuffer(count: 0)
    numbers = []
    codes = []
  }

  private func take(_ window: CSVSource.Window) {
    let count = index.recordCount
    for place in places.indices {
      let cells = CellIndex.Cells(base: window.base, index: index, column: places[place])
      switch columns[place].reading {
      case .numbers: takeNumbers(cells, count, place)
      case .codes: takeCodes(cells, count, place)
      }
    }
    rowCount += count
  }

  private func takeNumbers(_ cells: CellIndex.Cells, _ count: Int, _ place: Int) {
    if numbers.count < count { numbers = [Double](repeating: 0, count: count) }
    var tally = columns[place].tally
    let segment = numbers.withUnsafeMutableBufferPointer { numbers in
      var record = 0
      while record < count {
        let bytes = cells[record].bytes
        if let number = CellParser.number(bytes) {
          numbers[record] = number
          tally.numbers &+= 1
          tally.known &+= 1
        } else {
          numbers[record] = .nan
          note(bytes, row: rowCount + record, in: &tally)
        }
        record &+= 1
      }
      return numbers.baseAddress.map { ColumnSegment(numbers: $0, count: count) }
    }
    columns[place].tally = tally
    if let segment { columns[place].segments.append(segment) }
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

  private func takeCodes(_ cells: CellIndex.Cells, _ count: Int, _ place: Int) {
    if codes.count < count { codes = [Int32](repeating: 0, count: count) }
    let interner = columns[place].interner
    let segment = codes.withUnsafeMutableBufferPointer { codes in
      codes.baseAddress.map { codes in
        interner.number(cells, count: count, into: codes)
        return ColumnSegment(codes: codes, count: count)
      }
    }
    if let segment { columns[place].segments.append(segment) }
  }
}
