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
      if values.last == value { rows[rows.count - 1] += 1 } else {
        values.append(value)
        rows.append(1)
      }
    }
    guard values.count > Self.maximumBins else {
      upper = Array(values.dropLast())
      return
    }
    var cuts: [Float] = []
    var left = size
    var filled = 0
    for index in values.indices.dropLast() where cuts.count < Self.maximumBins - 1 {
      filled += rows[index]
      let binsLeft = Self.maximumBins - cuts.count
      // A bin is full when it has its share, or when the next value would overfill it by more than it lacks.
      let share = Double(left) / Double(binsLeft)
      if Double(filled) + Double(rows[index + 1]) / 2 > share {
        cuts.append(values[index])
        left -= filled
        filled = 0
      }
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
