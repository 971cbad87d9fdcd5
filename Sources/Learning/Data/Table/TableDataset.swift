/// A CSV file as a data set: target as classes, features encoded, split by seed, standardised with the statistics of
/// the training rows alone. Rows whose target is not known are left out.
enum TableDataset {
  /// - Throws: every data error of `LearningError`.
  static func load(path: String, request: DatasetRequest) throws(LearningError) -> Dataset {
    try make(try CSVTable(path: path), request: request)
  }

  /// See `load`; `request.uri` is not looked at.
  /// - Parameter reshape: makes another split, out of the one that the request asks for.
  static func make(
    _ table: CSVTable, request: DatasetRequest, reshape: (TrainTestSplit) -> TrainTestSplit = { $0 }
  ) throws(LearningError) -> Dataset {
    let targetName = request.targetColumn ?? ""
    guard let target = table.columns.firstIndex(of: targetName) else {
      throw .targetColumnMissing(name: targetName, columns: table.columns)
    }
    for name in request.dropColumns where !table.columns.contains(name) {
      throw .dropColumnMissing(name: name, columns: table.columns)
    }
    let dropped = Set(request.dropColumns)
    let inputs = table.columns.indices.filter { $0 != target && !dropped.contains(table.columns[$0]) }
    guard !inputs.isEmpty else { throw .noFeatureColumns(target: targetName) }
    guard table.rowCount > 0 else { throw .emptyDataset(detail: "the file has a header and no rows") }

    let classes = try TargetReader.read(table, column: target)
    let usable = classes.labels.indices.filter { classes.labels[$0] >= 0 }
    guard !usable.isEmpty else {
      throw .emptyDataset(detail: "the target \"\(targetName)\" is empty in all \(table.rowCount) rows")
    }
    let split = reshape(
      TrainTestSplit.plain(count: usable.count, testFraction: request.testFraction, seed: request.seed))
    let train = split.train.map { usable[Int($0)] }
    let test = split.test.map { usable[Int($0)] }

    let trainMatrix = FloatBuffer(count: train.count * inputs.count)
    let testMatrix = FloatBuffer(count: test.count * inputs.count)
    var columns: [FeatureColumn] = []
    for (place, column) in inputs.enumerated() {
      let raw = try ColumnReader.read(table, column: column)
      let fitted = fit(raw, name: table.columns[column], rows: train)
      // The square of a value may overflow where the value itself does not.
      guard fitted.mean.isFinite, fitted.deviation.isFinite else { throw .valueOutOfRange(column: fitted.name) }
      try fill(trainMatrix, place, of: inputs.count, fitted, raw.values, rows: train)
      try fill(testMatrix, place, of: inputs.count, fitted, raw.values, rows: test)
      columns.append(fitted)
    }
    let preprocessing = Preprocessing(input: .table(columns), targetColumn: targetName, classes: classes.classes)
    return try Dataset(
      train: Examples(features: .floats(trainMatrix), labels: train.map { classes.labels[$0] }, width: inputs.count),
      test: Examples(features: .floats(testMatrix), labels: test.map { classes.labels[$0] }, width: inputs.count),
      preprocessing: preprocessing
    ).validated()
  }

  /// The statistics of the training rows. Two passes, so that a large mean does not eat the deviation's digits.
  static func fit(_ raw: ColumnReader.Column, name: String, rows: [Int]) -> FeatureColumn {
    var column = FeatureColumn(name: name, kind: raw.kind, categories: raw.categories)
    let known = rows.lazy.map { raw.values[$0] }.filter { !$0.isNaN }
    var sum = 0.0
    var count = 0
    for value in known {
      sum += value
      count += 1
    }
    guard count > 0 else { return column }
    column.fill = raw.kind == .number ? sum / Double(count) : mode(known)
    // The cells filled in belong to the column that is standardised.
    column.mean = (sum + Double(rows.count - count) * column.fill) / Double(rows.count)
    var squares = 0.0
    for row in rows {
      let value = raw.values[row].isNaN ? column.fill : raw.values[row]
      squares += (value - column.mean) * (value - column.mean)
    }
    let deviation = (squares / Double(rows.count)).squareRoot()
    // Rounding alone gives a constant column a deviation of about 1e-16 of its value.
    column.deviation = deviation > 1e-12 * abs(column.mean) ? deviation : 1
    return column
  }

  /// The most frequent value, the smallest of equals.
  private static func mode(_ values: some Sequence<Double>) -> Double {
    var counts: [Double: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return counts.min { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }?.key ?? 0
  }

  private static func fill(
    _ matrix: FloatBuffer, _ place: Int, of width: Int, _ column: FeatureColumn, _ values: [Double], rows: [Int]
  ) throws(LearningError) {
    var index = place
    for row in rows {
      let value = column.standardised(values[row])
      guard value.isFinite else { throw .valueOutOfRange(column: column.name) }
      matrix.base[index] = value
      index += width
    }
  }
}
