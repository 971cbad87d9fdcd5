/// Raw columns as matrices of standardised 32-bit floats, training rows and test rows apart.
///
/// Columns are read and matrices written in the order of the file, a segment of rows at a time: the scattered accesses
/// are then whole rows of the result instead of single values.
enum TableMatrix {
  /// - Parameters:
  ///   - raw: the columns as they were read.
  ///   - columns: their statistics, in the same order.
  ///   - places: for each row of the file its row in `train` or, from `train`'s number of rows on, in `test`; −1 for
  ///     rows that are left out.
  static func fill(
    train: FloatBuffer, test: FloatBuffer, from raw: [TableColumn], _ columns: [FeatureColumn], places: [Int32]
  ) {
    let width = columns.count
    let trainCount = train.count / width
    let segments = raw[0].segments
    var firstRows: [Int] = []
    var rows = 0
    for segment in segments {
      firstRows.append(rows)
      rows += segment.count
    }
    let largest = segments.map(\.count).max() ?? 0
    let parts = min(segments.count, 4 * ThreadPool.shared.threads)
    places.withUnsafeBufferPointer { places in
      guard let places = places.baseAddress else { return }
      ThreadPool.shared.run(parts) { part in
        let scratch = UnsafeMutablePointer<Double>.allocate(capacity: max(1, largest))
        defer { scratch.deallocate() }
        for number in (part * segments.count / parts)..<((part + 1) * segments.count / parts) {
          for place in 0..<width {
            raw[place].segments[number].read(into: scratch)
            write(
              scratch, columns[place], count: segments[number].count, places: places + firstRows[number],
              train: train.base + place, test: test.base + place, trainCount: trainCount, width: width)
          }
        }
      }
    }
  }

  private static func write(
    _ values: UnsafePointer<Double>, _ column: FeatureColumn, count: Int, places: UnsafePointer<Int32>,
    train: UnsafeMutablePointer<Float>, test: UnsafeMutablePointer<Float>, trainCount: Int, width: Int
  ) {
    let (fill, mean, deviation) = (column.fill, column.mean, column.deviation)
    var row = 0
    while row < count {
      let place = Int(places[row])
      let value = values[row]
      // What FeatureColumn.standardised computes, without a copy of the column for each cell.
      let scaled = Float(((value.isNaN ? fill : value) - mean) / deviation)
      if place >= trainCount {
        test[(place &- trainCount) &* width] = scaled
      } else if place >= 0 {
        train[place &* width] = scaled
      }
      row &+= 1
    }
  }
}
