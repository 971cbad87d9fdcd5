/// Raw columns as matrices of standardised 32-bit floats, training rows and test rows apart.
///
/// Columns are read and matrices written in the order of the file, a block of rows at a time: the scattered accesses are
/// then whole rows of the result instead of single values.
enum TableMatrix {
  private static let blockRows = 512

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
    let tables = zip(raw, columns).map { lookup($0, $1) }
    let blocks = (places.count + blockRows - 1) / blockRows
    // Whole runs of blocks for each thread, not single blocks, to keep the overhead small.
    let parts = min(blocks, 4 * ThreadPool.shared.threads)
    places.withUnsafeBufferPointer { places in
      ThreadPool.shared.run(parts) { part in
        var block = part * blocks / parts
        while block < (part + 1) * blocks / parts {
          let rows = (block * blockRows)..<min(places.count, (block + 1) * blockRows)
          for place in 0..<width {
            let target = Target(
              train: train.base + place, test: test.base + place, trainCount: trainCount, width: width)
            switch raw[place].values {
            case .numbers(let values): write(values.base, columns[place], rows, places, target)
            case .codes(let codes): write(codes.base, tables[place].base, rows, places, target)
            }
          }
          block += 1
        }
      }
    }
  }

  private struct Target {
    let train: UnsafeMutablePointer<Float>
    let test: UnsafeMutablePointer<Float>
    let trainCount: Int
    let width: Int

    @inline(__always)
    func set(_ value: Float, at place: Int32) {
      let row = Int(place)
      if row < trainCount {
        train[row &* width] = value
      } else {
        test[(row &- trainCount) &* width] = value
      }
    }
  }

  /// The standardised value of each code, that of "not known" first.
  private static func lookup(_ raw: TableColumn, _ column: FeatureColumn) -> FloatBuffer {
    guard case .codes = raw.values else { return FloatBuffer(count: 0) }
    return FloatBuffer(
      [column.standardised(.nan)] + (0..<max(2, raw.categories.count)).map { column.standardised(Double($0)) })
  }

  private static func write(
    _ values: UnsafePointer<Double>, _ column: FeatureColumn, _ rows: Range<Int>, _ places: UnsafeBufferPointer<Int32>,
    _ target: Target
  ) {
    let (fill, mean, deviation) = (column.fill, column.mean, column.deviation)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let value = values[row]
      if places[row] >= 0 { target.set(Float(((value.isNaN ? fill : value) - mean) / deviation), at: places[row]) }
      row &+= 1
    }
  }

  private static func write(
    _ codes: UnsafePointer<Int32>, _ lookup: UnsafePointer<Float>, _ rows: Range<Int>,
    _ places: UnsafeBufferPointer<Int32>, _ target: Target
  ) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      if places[row] >= 0 { target.set(lookup[Int(codes[row]) &+ 1], at: places[row]) }
      row &+= 1
    }
  }
}
