/// Divides a column of numbers into at most 256 bins.
///
/// A column of at most 256 different values has one bin for each, so that splitting bins is splitting values. Others
/// are cut into bins of about equally many rows; a value that alone fills a bin gets it to itself, and what is left is
/// shared out among the bins that are left.
struct BinCuts {
  /// The largest value of every bin but the last, ascending. A value's bin is the number of cuts below it.
  let upper: [Float]

  /// Bins of a byte.
  static let maximumBins = 256
  /// A column longer than this is judged by as many of its values, evenly spaced.
  static let maximumSample = 1 << 16

  /// - Parameter column: finite values, `stride` apart.
  init(_ column: UnsafePointer<Float>, count: Int, stride: Int) {
    let size = min(count, Self.maximumSample)
    var sample = (0..<size).map { column[$0 * count / size * stride] }
    sample.sort()
    var values: [Float] = []
    var rows: [Int] = []
    for value in sample {
      if values.last == value {
        rows[rows.count - 1] += 1
      } else {
        values.append(value)
        rows.append(1)
      }
    }
    guard values.count > Self.maximumBins else {
      upper = Array(values.dropLast())
      return
    }
    // Values that fill a bin alone; the others share the bins that are left.
    let heavy = rows.map { $0 * Self.maximumBins >= size }
    var rowsLeft = zip(rows, heavy).reduce(0) { $0 + ($1.1 ? 0 : $1.0) }
    var binsLeft = Self.maximumBins - heavy.count { $0 }
    var cuts: [Float] = []
    var filled = 0
    for index in values.indices.dropLast() where cuts.count < Self.maximumBins - 1 {
      if !heavy[index] { filled += rows[index] }
      let share = Double(rowsLeft) / Double(max(binsLeft, 1))
      // Before a heavy value few rows may join its bin; before others a bin is closed where it comes nearest its share.
      let full =
        heavy[index + 1] ? Double(filled) > share / 2 : Double(filled) + Double(rows[index + 1]) / 2 > share
      guard heavy[index] || full else { continue }
      cuts.append(values[index])
      rowsLeft -= filled
      if !heavy[index] { binsLeft -= 1 }
      filled = 0
    }
    upper = cuts
  }

  /// Number of bins.
  var count: Int { upper.count + 1 }

  /// The bin of `value`.
  func bin(_ value: Float) -> UInt8 {
    var low = 0
    var high = upper.count
    while low < high {
      let middle = (low &+ high) >> 1
      if upper[middle] < value { low = middle &+ 1 } else { high = middle }
    }
    return UInt8(truncatingIfNeeded: low)
  }
}
