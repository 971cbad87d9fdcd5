/// The columns of a CSV file that a request wants, read; the file itself is no longer needed.
struct TableColumns {
  var inputs: [TableColumn]
  /// Names of the inputs.
  var names: [String]
  var targetName: String
  var target: TargetReader
  /// Rows to use, in the order of the file.
  var rows: [Int32]

  /// - Throws: `targetColumnMissing`, `dropColumnMissing`, `noFeatureColumns`, `emptyDataset`, `tooManyClasses`,
  ///   `notANumber`, `nonFiniteValue`, `missingValue`.
  init(_ table: CSVTable, request: DatasetRequest) throws(LearningError) {
    let wanted = request.targetColumn ?? ""
    guard let target = Self.column(wanted, in: table, request) else {
      throw .targetColumnMissing(name: wanted, columns: table.columns)
    }
    var dropped: Set<Int> = []
    for name in request.dropColumns {
      guard let column = Self.column(name, in: table, request) else {
        throw .dropColumnMissing(name: name, columns: table.columns)
      }
      dropped.insert(column)
    }
    let places = table.columns.indices.filter { $0 != target && !dropped.contains($0) }
    targetName = table.columns[target]
    guard !places.isEmpty else { throw .noFeatureColumns(target: targetName) }
    guard table.rowCount > 0 else { throw .emptyDataset(detail: "the file has a header and no rows") }

    // The target first: what is wrong with it is told before what is wrong with an input.
    var columns = try ColumnReader.read(table, columns: [target] + places, categorical: [target])
    self.target = try TargetReader(columns.removeFirst(), name: targetName)
    inputs = columns
    names = places.map { table.columns[$0] }
    rows = []
    guard self.target.labels.contains(where: { $0 >= 0 }) else {
      throw .emptyDataset(detail: "the target \"\(targetName)\" is empty in all \(table.rowCount) rows")
    }
    if request.missingValues == .error { try refuseUnknown(table) }
    rows = usableRows(request.missingValues)
    guard !rows.isEmpty else {
      throw .emptyDataset(
        detail: "each of the \(table.rowCount) rows has a missing value, and missingValues is dropRows")
    }
  }

  /// The column called `name` or, in a file without a header, at the place it says.
  private static func column(_ name: String, in table: CSVTable, _ request: DatasetRequest) -> Int? {
    if let named = table.columns.firstIndex(of: name) { return named }
    guard !request.header, let place = Int(name), table.columns.indices.contains(place - 1) else { return nil }
    return place - 1
  }

  private func refuseUnknown(_ table: CSVTable) throws(LearningError) {
    if let row = target.labels.firstIndex(where: { $0 < 0 }) {
      throw .missingValue(column: targetName, line: table.line(ofRow: row))
    }
    for (place, column) in inputs.enumerated() {
      if let row = (0..<table.rowCount).first(where: { !column.isKnown($0) }) {
        throw .missingValue(column: names[place], line: table.line(ofRow: row))
      }
    }
  }

  private func usableRows(_ policy: MissingValues) -> [Int32] {
    var isUsable = target.labels.map { $0 >= 0 }
    if policy == .dropRows {
      for column in inputs {
        for row in isUsable.indices where isUsable[row] { isUsable[row] = column.isKnown(row) }
      }
    }
    return isUsable.indices.compactMap { isUsable[$0] ? Int32(truncatingIfNeeded: $0) : nil }
  }
}
