/// Rows without their zeros, three arrays as in "compressed sparse row" matrices: of an image that is mostly background
/// little is left, and a pass over it takes as much less time. Written once, then read by several threads.
final class SparseRows {
  /// Elements of row r: from starts[r] to before starts[r + 1]. [rows + 1]
  let starts: UnsafeMutableBufferPointer<Int64>
  /// The column of each element.
  let columns: UnsafeMutableBufferPointer<UInt16>
  /// The value of each element.
  let values: UnsafeMutableBufferPointer<Float>

  /// Columns at most.
  private static let mostColumns = 1 << 16
  /// Share of values other than 0 above which a dense pass is faster.
  private static let mostFilled = 0.35
  private static let partRows = 1024

  /// nil where the rows are too full or too wide to gain.
  init?(_ examples: Examples, pool: ThreadPool) {
    let rows = examples.count
    guard examples.width <= Self.mostColumns, rows > 0 else { return nil }
    let starts = UnsafeMutableBufferPointer<Int64>.allocate(capacity: rows + 1)
    starts.initialize(repeating: 0)
    let parts = (rows + Self.partRows - 1) / Self.partRows
    func range(_ part: Int) -> Range<Int> { (part * Self.partRows)..<min(rows, (part + 1) * Self.partRows) }
    pool.run(parts) { part in
      for row in range(part) { starts[row + 1] = Int64(Self.filled(examples, row: row)) }
    }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    let count = Int(starts[rows])
    guard Double(count) <= Self.mostFilled * Double(rows) * Double(examples.width) else {
      starts.deallocate()
      return nil
    }
    let columns = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: count)
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    columns.initialize(repeating: 0)
    values.initialize(repeating: 0)
    self.starts = starts
    self.columns = columns
    self.values = values
    pool.run(parts) { part in
      let row = FloatBuffer(count: examples.width)
      for index in range(part) {
        examples.copyRows(from: index, count: 1, into: row.base)
        copy(row.base, width: examples.width, row: index)
      }
    }
  }

  deinit {
    starts.deallocate()
    columns.deallocate()
    values.deallocate()
  }

  private func copy(_ row: UnsafePointer<Float>, width: Int, row index: Int) {
    var next = Int(starts[index])
    let end = Int(starts[index + 1])
    var column = 0
    while next < end {
      let value = row[column]
      if value != 0 {
        columns[next] = UInt16(truncatingIfNeeded: column)
        values[next] = value
        next &+= 1
      }
      column &+= 1
    }
  }

  private static func filled(_ examples: Examples, row: Int) -> Int {
    let width = examples.width
    var count = 0
    var column = 0
    switch examples.features {
    case .bytes(let buffer, _):
      let base = buffer.base + row * width
      while column < width {
        count &+= base[column] == 0 ? 0 : 1
        column &+= 1
      }
    case .floats(let buffer):
      let base = buffer.base + row * width
      while column < width {
        count &+= base[column] == 0 ? 0 : 1
        column &+= 1
      }
    }
    return count
  }
}
