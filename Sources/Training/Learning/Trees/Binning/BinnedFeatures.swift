import CTrees

/// A feature matrix as bins of one byte, twice: by column, as large nodes read it, and by row, to copy the rows of small
/// nodes from (see `Excerpt`).
///
/// Pixels are bins as they are; other features are cut into bins (see `BinCuts`).
final class BinnedFeatures {
  /// Number of rows.
  let rows: Int
  /// Features of one row.
  let width: Int
  /// Bins [rows×width].
  let byRow: ByteBuffer
  /// Bins [width×rows].
  let byColumn: ByteBuffer

  /// What a bin stands for.
  private enum Values {
    /// Bin times scale, for every feature.
    case scaled(Float)
    /// The smallest and the largest value of each bin [width×256].
    case ranges(low: FloatBuffer, high: FloatBuffer)
  }

  private let values: Values
  /// Rows or columns that one part of the parallel work takes.
  private static let block = 512

  init(_ examples: Examples, pool: ThreadPool) {
    rows = examples.count
    width = examples.width
    byColumn = ByteBuffer(count: rows * width)
    switch examples.features {
    case .bytes(let pixels, let scale):
      byRow = pixels
      values = .scaled(scale)
      Self.transpose(byRow, into: byColumn, rows: rows, width: width, pool: pool)
    case .floats(let matrix):
      byRow = ByteBuffer(count: rows * width)
      let low = FloatBuffer(count: width * BinCuts.maximumBins)
      let high = FloatBuffer(count: width * BinCuts.maximumBins)
      values = .ranges(low: low, high: high)
      let (rows, width, byColumn) = (rows, width, byColumn)
      pool.run(width) { feature in
        Self.cut(
          matrix.base + feature, rows: rows, stride: width, into: byColumn.base + feature * rows,
          low: low.base + feature * BinCuts.maximumBins, high: high.base + feature * BinCuts.maximumBins)
      }
      Self.transpose(byColumn, into: byRow, rows: width, width: rows, pool: pool)
    }
  }

  /// The value that divides two bins of a feature with no row between them: the middle, or the largest of the lower
  /// bin where 32 bits cannot hold a middle. Values up to it belong to the lower side.
  func threshold(feature: Int, between bin: Int, and next: Int) -> Float {
    let below = value(feature: feature, bin: bin, last: true)
    let above = value(feature: feature, bin: next, last: false)
    let middle = Float((Double(below) + Double(above)) / 2)
    return middle < above ? middle : below
  }

  /// A value of row `row`'s bin. Whether it is above a threshold of this training set, the row's own value is too.
  func value(row: Int, feature: Int) -> Float {
    value(feature: feature, bin: Int(byRow.base[row &* width &+ feature]), last: false)
  }

  private func value(feature: Int, bin: Int, last: Bool) -> Float {
    switch values {
    case .scaled(let scale): Float(bin) * scale
    case .ranges(let low, let high): (last ? high : low).base[feature &* BinCuts.maximumBins &+ bin]
    }
  }

  private static func cut(
    _ column: UnsafePointer<Float>, rows: Int, stride: Int, into bins: UnsafeMutablePointer<UInt8>,
    low: UnsafeMutablePointer<Float>, high: UnsafeMutablePointer<Float>
  ) {
    let cuts = BinCuts(column, count: rows, stride: stride)
    low.update(repeating: .infinity, count: BinCuts.maximumBins)
    high.update(repeating: -.infinity, count: BinCuts.maximumBins)
    var row = 0
    while row < rows {
      let value = column[row &* stride]
      let bin = cuts.bin(value)
      bins[row] = bin
      low[Int(bin)] = min(low[Int(bin)], value)
      high[Int(bin)] = max(high[Int(bin)], value)
      row &+= 1
    }
  }

  private static func transpose(
    _ source: ByteBuffer, into target: ByteBuffer, rows: Int, width: Int, pool: ThreadPool
  ) {
    pool.run((rows + block - 1) / block) { part in
      let first = part * block
      ctrees_transpose(source.base, target.base, rows, width, first, min(block, rows - first))
    }
  }
}
