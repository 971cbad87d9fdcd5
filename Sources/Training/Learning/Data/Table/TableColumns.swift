import TrainingDefinition

/// The columns of a CSV file that a request wants, read; the file itself is no longer needed.
struct TableColumns {
  var inputs: [TableColumn]
  /// Names of the inputs.
  var names: [String]
  var targetName: String
  var target: TargetReader
  /// Which rows of the file are used.
  var isUsed: [Bool]

  /// - Parameter reader: the file.
  /// - Throws: `targetColumnMissing`, `dropColumnMissing`, `noFeatureColumns`, `emptyDataset`, `tooManyClasses`,
  ///   `notANumber`, `nonFiniteValue`, `missingValue`, `raggedLine`, `malformedQuote`, `fileUnreadable`.
  init(_ reader: ColumnReader, request: DatasetRequest) throws(LearningError) {
    let columns = reader.layout.columns
    let wanted = request.targetColumn ?? ""
    guard let target = Self.column(wanted, in: columns, request) else {
      throw .targetColumnMissing(name: wanted, columns: columns)
    }
    var dropped: Set<Int> = []
    for name in request.dropColumns {
      guard let column = Self.column(name, in: columns, request) else {
        throw .dropColumnMissing(name: name, columns: columns)
      }
      dropped.insert(column)
    }
    let places = columns.indices.filter { $0 != target && !dropped.contains($0) }
    targetName = columns[target]
    guard !places.isEmpty else { throw .noFeatureColumns(target: targetName) }
    guard reader.layout.firstRow < reader.source.count else {
      throw .emptyDataset(detail: "the file has a header and no rows")
    }

    // The target first: what is wrong with it is told before what is wrong with an input.
    var read = try reader.read(columns: [target] + places, categorical: [target])
    self.target = try TargetReader(read.removeFirst(), name: targetName)
    inputs = read
    names = places.map { columns[$0] }
    isUsed = self.target.labels.map { $0 >= 0 }
    guard isUsed.contains(true) else {
      throw .emptyDataset(detail: "the target \"\(targetName)\" is empty in all \(isUsed.count) rows")
    }
    switch request.missingValues.known ?? .impute {
    case .impute: break
    case .dropRows: dropUnknown()
    case .error: try refuseUnknown(reader, target: target, places: places)
    }
    guard isUsed.contains(true) else {
      throw .emptyDataset(detail: "each of the \(isUsed.count) rows has a missing value, and missingValues is dropRows")
    }
  }

  /// The column called `name` or, in a file without a header, at the place it says.
  private static func column(_ name: String, in columns: [String], _ request: DatasetRequest) -> Int? {
    if let named = columns.firstIndex(of: name) { return named }
    guard !request.header, let place = Int(name), (1...columns.count).contains(place) else { return nil }
    return place - 1
  }

  private func refuseUnknown(_ reader: ColumnReader, target: Int, places: [Int]) throws(LearningError) {
    if let row = isUsed.firstIndex(of: false) {
      throw .missingValue(column: targetName, line: try reader.find(row, target).line)
    }
    for (place, column) in inputs.enumerated() {
      var unknown: Int?
      column.forEachSegment { values, first, count in
        unknown = (0..<count).first { values[$0].isNaN }.map { first + $0 }
        return unknown == nil
      }
      if let unknown {
        throw .missingValue(column: names[place], line: try reader.find(unknown, places[place]).line)
      }
    }
  }

  private mutating func dropUnknown() {
    for column in inputs {
      column.forEachSegment { values, first, count in
        for row in 0..<count where values[row].isNaN { isUsed[first + row] = false }
        return true
      }
    }
  }
}
