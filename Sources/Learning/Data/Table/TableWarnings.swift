/// Looks for columns that should not be learned from.
enum TableWarnings {
  /// Fewer rows prove nothing: three rows are easily 1, 2, 3.
  static let leastRows = 10

  /// - Parameter rows: those that are used.
  static func find(
    _ columns: [TableColumn], names: [String], labels: [Int32], classes: Int, rows: [Int32]
  ) -> [DatasetWarning] {
    guard rows.count >= leastRows else { return [] }
    let found = ParallelResults<DatasetWarning.Reason?>(count: columns.count, initial: nil)
    ThreadPool.shared.run(columns.count) { place in
      if equalsTarget(columns[place], labels, classes, rows) {
        found[place] = .equalsTarget
      } else if isIdentifier(columns[place], rows) {
        found[place] = .identifierColumn
      }
    }
    return columns.indices.compactMap { place in
      found[place].map { DatasetWarning(reason: $0, column: names[place]) }
    }
  }

  /// Whole numbers that are all different and without a gap, in whatever order, or texts that are all different.
  private static func isIdentifier(_ column: TableColumn, _ rows: [Int32]) -> Bool {
    switch column.values {
    case .numbers(let values):
      let first = values.base[Int(rows[0])]
      var least = first
      var largest = first
      for row in rows {
        let value = values.base[Int(row)]
        guard value == value.rounded() else { return false }  // NaN is not equal to itself either
        least = min(least, value)
        largest = max(largest, value)
        guard largest - least < Double(rows.count) else { return false }
      }
      return allDiffer(rows, count: rows.count) { Int(values.base[Int($0)] - least) }
    case .codes(let codes):
      guard column.categories.count >= rows.count else { return false }
      return allDiffer(rows, count: column.categories.count) { Int(codes.base[Int($0)]) }
    }
  }

  private static func allDiffer(_ rows: [Int32], count: Int, _ value: (Int32) -> Int) -> Bool {
    var seen = [Bool](repeating: false, count: count)
    for row in rows {
      let value = value(row)
      guard value >= 0, value < count, !seen[value] else { return false }
      seen[value] = true
    }
    return true
  }

  /// Whether each class has one value of the column and each value one class, over the rows where it is known.
  private static func equalsTarget(_ column: TableColumn, _ labels: [Int32], _ classes: Int, _ rows: [Int32]) -> Bool {
    var valueOfClass = [Double](repeating: .nan, count: classes)
    var known = 0
    for row in rows {
      let value = column.value(Int(row))
      if value.isNaN { continue }
      known += 1
      let label = Int(labels[Int(row)])
      if valueOfClass[label].isNaN { valueOfClass[label] = value }
      guard valueOfClass[label] == value else { return false }
    }
    let values = valueOfClass.filter { !$0.isNaN }
    return known >= leastRows && values.count > 1 && Set(values).count == values.count
  }
}
