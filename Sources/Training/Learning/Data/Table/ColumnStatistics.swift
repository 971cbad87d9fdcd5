/// What the training rows say about a column: what stands in for unknown cells, and how it is scaled.
enum ColumnStatistics {
  /// Sums go over the rows in the order of the file, whatever the number of threads. Two passes, so that a large mean
  /// does not eat the deviation's digits.
  /// - Parameters:
  ///   - places: one a row of the file; rows whose place is in 0..<`trainCount` train, those below 0 are left out.
  ///   - trainCount: number of training rows.
  /// - Throws: `valueOutOfRange` where a value, in whatever row, or a statistic is too large to compute with.
  static func fit(
    _ raw: TableColumn, name: String, places: UnsafePointer<Int32>, trainCount: Int
  ) throws(LearningError) -> FeatureColumn {
    var column = FeatureColumn(name: name, kind: raw.kind, categories: raw.categories)
    if raw.kind == .number {
      try fitNumbers(raw, &column, places, trainCount)
    } else {
      fitCodes(raw, &column, places, trainCount)
    }
    return column
  }

  private static func fitNumbers(
    _ raw: TableColumn, _ column: inout FeatureColumn, _ places: UnsafePointer<Int32>, _ trainCount: Int
  ) throws(LearningError) {
    var sum = 0.0
    var known = 0
    var least = Double.infinity
    var largest = -Double.infinity
    raw.forEachSegment { values, first, count in
      var row = 0
      while row < count {
        let value = values[row]
        let place = places[first &+ row]
        if place >= 0, !value.isNaN {
          if value < least { least = value }
          if value > largest { largest = value }
          if Int(place) < trainCount {
            sum += value
            known &+= 1
          }
        }
        row &+= 1
      }
      return true
    }
    if known > 0 {
      let mean = sum / Double(known)
      var squares = 0.0
      raw.forEachSegment { values, first, count in
        var row = 0
        while row < count {
          let value = values[row]
          let place = places[first &+ row]
          if place >= 0, Int(place) < trainCount, !value.isNaN { squares += (value - mean) * (value - mean) }
          row &+= 1
        }
        return true
      }
      column.mean = mean
      column.fill = mean
      // Cells filled in lie at the mean and add nothing.
      setDeviation(&column, variance: squares / Double(trainCount))
    }
    // The square of a value may overflow where the value itself does not.
    guard column.mean.isFinite, column.deviation.isFinite else { throw .valueOutOfRange(column: column.name) }
    // Scaling keeps the order: where the least and the largest value fit, all do.
    guard least > largest || column.standardised(least).isFinite && column.standardised(largest).isFinite else {
      throw .valueOutOfRange(column: column.name)
    }
  }

  private static func fitCodes(
    _ raw: TableColumn, _ column: inout FeatureColumn, _ places: UnsafePointer<Int32>, _ trainCount: Int
  ) {
    var counts = [Int](repeating: 0, count: max(2, raw.categories.count))
    var known = 0
    counts.withUnsafeMutableBufferPointer { counts in
      raw.forEachSegment { values, first, count in
        var row = 0
        while row < count {
          let place = places[first &+ row]
          if place >= 0, Int(place) < trainCount, !values[row].isNaN {
            counts[Int(values[row])] &+= 1
            known &+= 1
          }
          row &+= 1
        }
        return true
      }
    }
    guard known > 0 else { return }
    // The most frequent value, the smallest of equals.
    let mode = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
    column.fill = Double(mode)
    // The cells filled in belong to the column that is standardised.
    counts[mode] += trainCount - known
    let mean = counts.indices.reduce(0) { $0 + Double(counts[$1]) * Double($1) } / Double(trainCount)
    let squares = counts.indices.reduce(0) { sum, code in
      sum + Double(counts[code]) * (Double(code) - mean) * (Double(code) - mean)
    }
    column.mean = mean
    setDeviation(&column, variance: squares / Double(trainCount))
  }

  private static func setDeviation(_ column: inout FeatureColumn, variance: Double) {
    let deviation = variance.squareRoot()
    // Rounding alone gives a constant column a deviation of about 1e-16 of its value.
    column.deviation = deviation > 1e-12 * abs(column.mean) ? deviation : 1
  }
}
