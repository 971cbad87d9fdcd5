/// Looks for columns that should not be learned from.
enum TableWarnings {
  /// Fewer rows prove nothing: three rows are easily 1, 2, 3.
  static let leastRows = 10

  /// - Parameters:
  ///   - labels: one a row of the file.
  ///   - isUsed: which rows are used; the others are not looked at.
  static func find(
    _ columns: [TableColumn], names: [String], labels: [Int32], classes: Int, isUsed: [Bool]
  ) -> [DatasetWarning] {
    let rows = isUsed.count { $0 }
    guard rows >= leastRows else { return [] }
    let found = ParallelResults<DatasetWarning.Reason?>(count: columns.count, initial: nil)
    ThreadPool.shared.run(columns.count) { place in
      if equalsTarget(columns[place], labels, classes, isUsed) {
        found[place] = .equalsTarget
      } else if isIdentifier(columns[place], isUsed, rows) {
        found[place] = .identifierColumn
      }
    }
    return columns.indices.compactMap { place in
      found[place].map { DatasetWarning(reason: $0, column: names[place]) }
    }
  }

  /// Whole numbers that are all different and without a gap, in whatever order, or texts that are all different.
  private static func isIdentifier(_ column: TableColumn, _ isUsed: [Bool], _ rows: Int) -> Bool {
    guard column.kind != .boolean, column.kind == .number || column.categories.count >= rows else { return false }
    // A range without gaps reaches less than `span` to either side of its first value.
    let span = column.kind == .number ? rows : column.categories.count
    var seen = [Bool](repeating: false, count: 2 * span)
    var first: Double?
    var least = Double.infinity
    var largest = -Double.infinity
    var isIdentifier = true
    forEachValue(column, isUsed) { value, _ in
      // NaN is no whole number either.
      guard value == value.rounded() else {
        isIdentifier = false
        return false
      }
      let offset = value - (first ?? value)
      first = first ?? value
      guard abs(offset) < Double(span), !seen[Int(offset) + span] else {
        isIdentifier = false
        return false
      }
      seen[Int(offset) + span] = true
      least = min(least, value)
      largest = max(largest, value)
      return true
    }
    return isIdentifier && largest - least < Double(span)
  }

  /// Whether each class has one value of the column and each value one class, over the rows where it is known.
  private static func equalsTarget(_ column: TableColumn, _ labels: [Int32], _ classes: Int, _ isUsed: [Bool]) -> Bool {
    var valueOfClass = [Double](repeating: .nan, count: classes)
    var known = 0
    var equals = true
    forEachValue(column, isUsed) { value, row in
      if value.isNaN { return true }
      known += 1
      let label = Int(labels[row])
      if valueOfClass[label].isNaN { valueOfClass[label] = value }
      equals = valueOfClass[label] == value
      return equals
    }
    let values = valueOfClass.filter { !$0.isNaN }
    return equals && known >= leastRows && values.count > 1 && Set(values).count == values.count
  }

  private static func forEachValue(_ column: TableColumn, _ isUsed: [Bool], _ body: (Double, Int) -> Bool) {
    column.forEachSegment { values, first, count in
      for row in 0..<count where isUsed[first + row] {
        guard body(values[row], first + row) else { return false }
      }
      return true
    }
  }
}
