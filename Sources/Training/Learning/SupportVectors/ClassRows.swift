/// Training rows sorted by class, so that the rows of two classes are two blocks of memory and a block of kernel values is
/// one matrix product. Within a class the order of the examples is kept, as libsvm does.
final class ClassRows {
  /// Place of the first row of each class, and at the end the number of rows.
  let starts: [Int]
  /// The example at each place.
  let order: [Int32]
  let columns: PackedColumns
  /// Row-major [count × width].
  let values: FloatBuffer
  /// Squared length of each row.
  let norms: FloatBuffer
  /// Variance over all values of all rows, columns of zeros included.
  let variance: Double

  var count: Int { order.count }
  /// Columns kept of a row.
  var width: Int { columns.kept.count }
  var classCount: Int { starts.count - 1 }

  /// The largest squared length.
  var largestNorm: Float { (0..<count).reduce(0) { max($0, norms.base[$1]) } }

  /// Number of rows of a class.
  func count(of label: Int) -> Int { starts[label + 1] - starts[label] }

  init(_ examples: Examples, classes: Int) {
    var starts = [Int](repeating: 0, count: classes + 1)
    for label in examples.labels { starts[Int(label) + 1] += 1 }
    for label in 0..<classes { starts[label + 1] += starts[label] }
    var next = starts
    var order = [Int32](repeating: 0, count: examples.count)
    for (row, label) in examples.labels.enumerated() {
      order[next[Int(label)]] = Int32(truncatingIfNeeded: row)
      next[Int(label)] += 1
    }
    self.starts = starts
    self.order = order

    let row = FloatBuffer(count: examples.width)
    var survey = Survey(width: examples.width)
    for index in 0..<examples.count {
      examples.copyRows(from: index, count: 1, into: row.base)
      survey.add(row.base)
    }
    variance = survey.variance(rows: examples.count)
    let columns = PackedColumns(used: survey.used)
    let width = columns.kept.count
    values = FloatBuffer(count: examples.count * width)
    norms = FloatBuffer(count: examples.count)
    for (place, index) in order.enumerated() {
      examples.copyRows(from: Int(index), count: 1, into: row.base)
      columns.copy(row.base, to: values.base + place * width)
      norms.base[place] = squaredLength(values.base + place * width, count: width)
    }
    self.columns = columns
  }
}

/// What one pass over the rows finds out.
private struct Survey {
  var used: [Bool]
  private var sum = 0.0
  private var squares = 0.0

  init(width: Int) { used = [Bool](repeating: false, count: width) }

  mutating func add(_ row: UnsafePointer<Float>) {
    var rowSum = 0.0
    var rowSquares = 0.0
    used.withUnsafeMutableBufferPointer { used in
      var column = 0
      while column < used.count {
        let value = row[column]
        if value != 0 { used[column] = true }
        rowSum += Double(value)
        rowSquares += Double(value) * Double(value)
        column &+= 1
      }
    }
    sum += rowSum
    squares += rowSquares
  }

  func variance(rows: Int) -> Double {
    let count = Double(rows * used.count)
    let mean = sum / count
    return max(0, squares / count - mean * mean)
  }
}

/// Σ row[i]², summed in double.
func squaredLength(_ row: UnsafePointer<Float>, count: Int) -> Float {
  var sum = 0.0
  var index = 0
  while index < count {
    sum += Double(row[index]) * Double(row[index])
    index &+= 1
  }
  return Float(sum)
}
