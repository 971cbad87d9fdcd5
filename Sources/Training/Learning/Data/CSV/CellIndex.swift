#if canImport(Glibc)
  import Glibc
#endif

/// Where the cells of consecutive records lie: for each record its first byte's offset and, for each cell, the offset of
/// the separator after it. Four bytes a cell.
///
/// Filled by a `RecordIndexer`, then only read, then used again for the next window.
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
  private(set) var start = 0
  /// Where the first record after these begins.
  var end = 0
  var flaw: Flaw?
  private(set) var recordCount = 0
  private var capacity = 0
  private var offsets: UnsafeMutablePointer<UInt32>

  /// Numbers of one record.
  private let stride: Int

  init(width: Int) {
    self.width = width
    stride = width + 1
    offsets = Self.grown(nil, to: stride)
    capacity = 1
  }

  deinit { free(offsets) }

  /// Forgets all records.
  func reset(start: Int) {
    self.start = start
    end = start
    flaw = nil
    recordCount = 0
  }

  /// Room for one more record; what an earlier call returned may no longer be used.
  @inline(__always)
  func place() -> UnsafeMutablePointer<UInt32> {
    if recordCount == capacity {
      capacity += capacity / 2 + 64
      offsets = Self.grown(offsets, to: capacity * stride)
    }
    return offsets + recordCount &* stride
  }

  /// Keeps the record written to the last `place()`.
  @inline(__always)
  func commit() { recordCount &+= 1 }

  /// Where a record begins.
  func start(ofRecord record: Int) -> Int { Int(offsets[record &* stride]) }

  /// A cell of the `record`-th record.
  func cell(_ base: UnsafePointer<UInt8>, record: Int, column: Int) -> CSVCell {
    Cells(base: base, index: self, column: column)[record]
  }

  /// One column of the records, for loops over it.
  struct Cells {
    private let base: UnsafePointer<UInt8>
    private let numbers: UnsafePointer<UInt32>
    private let stride: Int
    /// The first cell begins with its record, the others a byte after the separator before them.
    private let gap: Int

    /// - Parameter index: must outlive this, unchanged.
    init(base: UnsafePointer<UInt8>, index: CellIndex, column: Int) {
      self.base = base
      numbers = UnsafePointer(index.offsets) + column
      stride = index.stride
      gap = column == 0 ? 0 : 1
    }

    @inline(__always)
    subscript(record: Int) -> CSVCell {
      let place = numbers + record &* stride
      return CSVCell(base, from: Int(place[0]) &+ gap, to: Int(place[1]))
    }
  }

  private static func grown(_ old: UnsafeMutablePointer<UInt32>?, to count: Int) -> UnsafeMutablePointer<UInt32> {
    guard let memory = realloc(old, count * MemoryLayout<UInt32>.stride) else {
      fatalError("out of memory for the places of \(count) cells")
    }
    return memory.bindMemory(to: UInt32.self, capacity: count)
  }
}
