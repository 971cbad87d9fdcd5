/// What the training rows say about a column: what stands in for unknown cells, and how it is scaled.
enum ColumnStatistics {
  /// Sums go over the rows in the order of the file, whatever the number of threads. Two passes, so that a large mean
  /// does not eat the deviation's digits.
  /// - Parameters:
  ///   - places: one a row of the file; rows whose place is in 0..<`trainCount` train.
  ///   - trainCount: number of training rows.
  /// - Throws: `valueOutOfRange` where a value, in whatever row, or a statistic is too large to compute with.
  static func fit(
    _ raw: TableColumn, name: String, places: UnsafeBufferPointer<Int32>, trainCount: Int
  ) throws(LearningError) -> FeatureColumn {
    var column = FeatureColumn(name: name, kind: raw.kind, categories: raw.categories)
    switch raw.values {
    case .numbers(let values): fit(values.base, &column, places, trainCount)
    case .codes(let codes): fit(codes.base, max(2, raw.categories.count), &column, places, trainCount)
    }
    // The square of a value may overflow where the value itself does not.
    guard column.mean.isFinite, column.deviation.isFinite else { throw .valueOutOfRange(column: name) }
    if case .numbers(let values) = raw.values {
      // Scaling keeps the order: where the least and the largest value fit, all do.
      var least = column.fill
      var largest = column.fill
      for row in places.indices where places[row] >= 0 {
        let value = values.base[row]
        if value < least { least = value }
        if value > largest { largest = value }
      }
      guard column.standardised(least).isFinite, column.standardised(largest).isFinite else {
        throw .valueOutOfRange(column: name)
      }
    }
    return column
  }

  private static func fit(
    _ values: UnsafePointer<Double>, _ column: inout FeatureColumn, _ places: UnsafeBufferPointer<Int32>,
    _ trainCount: Int
  ) {
    var sum = 0.0
    var known = 0
    var row = 0
    while row < places.count {
      let value = values[row]
      if places[row] >= 0, Int(places[row]) < trainCount, !value.isNaN {
        sum += value
        known &+= 1
      }
      row &+= 1
    }
    guard known > 0 else { return }
    column.mean = sum / Double(known)
    column.fill = column.mean
    var squares = 0.0
    row = 0
    while row < places.count {
      let value = values[row]
      if places[row] >= 0, Int(places[row]) < trainCount, !value.isNaN {
        squares += (value - column.mean) * (value - column.mean)
      }
      row &+= 1
    }
    // Cells filled in lie at the mean and add nothing.
    setDeviation(&column, variance: squares / Double(trainCount))
  }

  private static func fit(
    _ codes: UnsafePointer<Int32>, _ codeCount: Int, _ column: inout FeatureColumn,
    _ places: UnsafeBufferPointer<Int32>, _ trainCount: Int
  ) {
    var counts = [Int](repeating: 0, count: codeCount)
    var known = 0
    counts.withUnsafeMutableBufferPointer { counts in
      var row = 0
      while row < places.count {
        let code = codes[row]
        if places[row] >= 0, Int(places[row]) < trainCount, code >= 0 {
          counts[Int(code)] &+= 1
          known &+= 1
        }
        row &+= 1
      }
    }
    guard known > 0 else { return }
    // The most frequent value, the smallest of equals.
    let mode = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
    column.fill = Double(mode)
    // The cells filled in belong to the column that is standardised.
    counts[mode] += trainCount - known
    column.mean = counts.indices.reduce(0) { $0 + Double(counts[$1]) * Double($1) } / Double(trainCount)
    let squares = counts.indices.reduce(0) { sum, code in
      sum + Double(counts[code]) * (Double(code) - column.mean) * (Double(code) - column.mean)
    }
    setDeviation(&column, variance: squares / Double(trainCount))
  }

  private static func setDeviation(_ column: inout FeatureColumn, variance: Double) {
    let deviation = variance.squareRoot()
    // Rounding alone gives a constant column a deviation of about 1e-16 of its value.
    column.deviation = deviation > 1e-12 * abs(column.mean) ? deviation : 1
  }
}
