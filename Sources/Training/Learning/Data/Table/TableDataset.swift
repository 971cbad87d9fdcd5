import TrainingDefinition

/// A CSV file as a data set: target as classes, features encoded, split by seed, standardised with the statistics of
/// the training rows alone.
enum TableDataset {
  /// - Throws: every data error of `LearningError`.
  static func load(path: String, request: DatasetRequest) throws(LearningError) -> Dataset {
    try assemble(try columns(path: path, request: request), request: request)
  }

  /// The columns of a file, before anything is learned of them.
  static func columns(path: String, request: DatasetRequest) throws(LearningError) -> TableColumns {
    let source = try CSVSource(path: path)
    let reader = ColumnReader(source: source, layout: try CSVLayout(source, header: request.header))
    return try TableColumns(reader, request: request)
  }

  /// See `load`; `request.uri` is not looked at.
  /// - Parameter partCount: in how many parts the table is read; nil: as suits. It decides nothing but speed.
  static func make(
    _ table: CSVTable, request: DatasetRequest, partCount: Int? = nil
  ) throws(LearningError) -> Dataset {
    let reader = ColumnReader(source: table.source, layout: table.layout, partCount: partCount)
    return try assemble(try TableColumns(reader, request: request), request: request)
  }

  /// - Parameter reshape: makes another split, out of the one that the request asks for.
  static func assemble(
    _ table: TableColumns, request: DatasetRequest, reshape: (TrainTestSplit) -> TrainTestSplit = { $0 }
  ) throws(LearningError) -> Dataset {
    let rows = table.isUsed.indices.compactMap { table.isUsed[$0] ? Int32(truncatingIfNeeded: $0) : nil }
    let labels = rows.map { table.target.labels[Int($0)] }
    let split = reshape(TrainTestSplit.make(labels, request: request))
    let places = places(split, rows: rows, rowCount: table.isUsed.count)
    let columns = try fitted(table, places: places, trainCount: split.train.count)
    let width = columns.count
    let train = FloatBuffer(count: split.train.count * width)
    let test = FloatBuffer(count: split.test.count * width)
    TableMatrix.fill(train: train, test: test, from: table.inputs, columns, places: places)
    return try Dataset(
      train: Examples(features: .floats(train), labels: split.train.map { labels[Int($0)] }, width: width),
      test: Examples(features: .floats(test), labels: split.test.map { labels[Int($0)] }, width: width),
      preprocessing: Preprocessing(
        input: .table(columns), targetColumn: table.targetName, classes: table.target.classes),
      warnings: TableWarnings.find(
        table.inputs, names: table.names, labels: table.target.labels, classes: table.target.classes.count,
        isUsed: table.isUsed)
    ).validated()
  }

  /// Each row's place in the training matrix or, from its number of rows on, in the test matrix; −1 where it is in
  /// neither.
  private static func places(_ split: TrainTestSplit, rows: [Int32], rowCount: Int) -> [Int32] {
    var places = [Int32](repeating: -1, count: rowCount)
    for (place, row) in split.train.enumerated() { places[Int(rows[Int(row)])] = Int32(truncatingIfNeeded: place) }
    for (place, row) in split.test.enumerated() {
      places[Int(rows[Int(row)])] = Int32(truncatingIfNeeded: split.train.count + place)
    }
    return places
  }

  private static func fitted(
    _ table: TableColumns, places: [Int32], trainCount: Int
  ) throws(LearningError) -> [FeatureColumn] {
    let outcomes = ParallelResults<Result<FeatureColumn, LearningError>?>(count: table.inputs.count, initial: nil)
    places.withUnsafeBufferPointer { places in
      guard let places = places.baseAddress else { return }
      ThreadPool.shared.run(table.inputs.count) { place in
        outcomes[place] = Result { () throws(LearningError) in
          try ColumnStatistics.fit(
            table.inputs[place], name: table.names[place], places: places, trainCount: trainCount)
        }
      }
    }
    var columns: [FeatureColumn] = []
    for place in table.inputs.indices {
      guard let outcome = outcomes[place] else { continue }
      columns.append(try outcome.get())
    }
    return columns
  }
}
