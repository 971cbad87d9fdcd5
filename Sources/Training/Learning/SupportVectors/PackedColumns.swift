/// The columns of a matrix that hold anything but zeros. Dot products need no others: a border of black pixels costs
/// nothing.
struct PackedColumns {
  /// Columns of the whole row.
  let width: Int
  /// Those kept, ascending.
  let kept: [Int32]

  /// - Parameter used: for each column whether it has a value other than 0. At least one column is kept.
  init(used: [Bool]) {
    width = used.count
    let columns = used.indices.filter { used[$0] }.map { Int32(truncatingIfNeeded: $0) }
    // A few columns less are not worth a copy value by value.
    if columns.count * 20 > used.count * 19 || columns.isEmpty {
      kept = used.indices.map { Int32(truncatingIfNeeded: $0) }
    } else {
      kept = columns
    }
  }

  /// Copies the kept columns of a whole row.
  func copy(_ row: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    guard kept.count < width else {
      target.update(from: row, count: width)
      return
    }
    kept.withUnsafeBufferPointer { kept in
      var index = 0
      while index < kept.count {
        target[index] = row[Int(kept[index])]
        index &+= 1
      }
    }
  }
}
