#if canImport(Glibc)
  import Glibc
#endif

/// Where the cells of consecutive records lie: for each record its first byte's offset and, for each cell, the offset of
/// the separator after it. Four bytes a cell.
///
/// Filled by one `RecordIndexer`, then only read.
final class CellIndex {
  /// Why indexing stopped before its limit.
  enum Flaw: Equatable {
    /// The record that begins at `start` has `found` cells.
    case ragged(start: Int, found: Int)
    /// The quote at `opening` is never closed.
    case unclosedQuote(opening: Int)
  }

  /// Cells of a record.
  let width: Int
  /// Where the first record begins.
  var start: Int
  /// Where the first record after these begins.
  var end: Int
  var flaw: Flaw?
  private(set) var recordCount = 0
  private var capacity: Int
  private(set) var offsets: UnsafeMutablePointer<UInt32>

  /// Numbers of one record.
  var stride: Int { width + 1 }

  /// - Parameter expectedRecords: a guess that saves copying; more are taken.
  init(width: Int, start: Int, expectedRecords: Int) {
    self.width = width
    self.start = start
    end = start
    capacity = max(1, expectedRecords)
    offsets = Self.grown(nil, to: capacity * (width + 1))
  }

  deinit { free(offsets) }

  /// Room for one more record; `offsets` may move.
  @inline(__always)
  func place() -> UnsafeMutablePointer<UInt32> {
    if recordCount == capacity {
      capacity += capacity / 2 + 16
      offsets = Self.grown(offsets, to: capacity * stride)
    }
    return offsets + recordCount &* stride
  }

  /// Keeps the record written to the last `place()`.
  @inline(__always)
  func commit() { recordCount &+= 1 }

  /// A cell of the `record`-th record here.
  @inline(__always)
  func cell(_ base: UnsafePointer<UInt8>, record: Int, column: Int) -> CSVCell {
    let numbers = offsets + (record &* stride &+ column)
    let start = column == 0 ? Int(numbers[0]) : Int(numbers[0]) &+ 1
    return CSVCell(base, from: start, to: Int(numbers[1]))
  }

  private static func grown(_ old: UnsafeMutablePointer<UInt32>?, to count: Int) -> UnsafeMutablePointer<UInt32> {
    guard let memory = realloc(old, count * MemoryLayout<UInt32>.stride) else {
      fatalError("out of memory for the places of \(count) cells")
    }
    return memory.bindMemory(to: UInt32.self, capacity: count)
  }
}
