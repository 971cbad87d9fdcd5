/// How a data set is read and split: what a job's spec, the trainer and the command line say in the same words.
package struct DatasetReading: Sendable, Hashable, Codable {
  /// Whether the first record of a CSV file names its columns. Without a header they are called column1, column2, ….
  package var header = true
  /// The column to predict: its name or, in a file without a header, also its place from 1. Needed for CSV, ignored for
  /// images.
  package var targetColumn: String?
  /// Columns to leave out, such as identifiers; named as `targetColumn` is.
  package var dropColumns: [String] = []
  /// What to do about cells that are not known.
  package var missingValues = Open(MissingValues.impute)
  /// Share of rows held out for the test. Not used where the data comes with a test set of its own.
  package var testFraction: Share = "0.2"
  /// Whether the held-out rows have the proportions of all classes. Without it they are drawn from all rows alike.
  package var stratified = false
  /// Decides the split.
  package var seed = 42

  package init() {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    header = try container.decodeIfPresent(Bool.self, forKey: .header) ?? header
    targetColumn = try container.decodeIfPresent(String.self, forKey: .targetColumn)
    dropColumns = try container.decodeIfPresent([String].self, forKey: .dropColumns) ?? dropColumns
    missingValues = try container.decodeIfPresent(Open<MissingValues>.self, forKey: .missingValues) ?? missingValues
    // Older checkpoints have it in lower case.
    if let known = MissingValues(anyCase: missingValues.rawValue) { missingValues = Open(known) }
    testFraction = try container.decodeIfPresent(Share.self, forKey: .testFraction) ?? testFraction
    stratified = try container.decodeIfPresent(Bool.self, forKey: .stratified) ?? stratified
    seed = try container.decodeIfPresent(Int.self, forKey: .seed) ?? seed
  }

  /// All that is wrong with it, as far as it can be told without the data.
  package var faults: [TrainingFault] {
    var faults: [TrainingFault] = []
    func check(_ holds: Bool, _ path: String, _ value: @autoclosure () -> String, _ expected: @autoclosure () -> String)
    {
      if !holds { faults.append(TrainingFault("dataset." + path, value: value(), expected: expected())) }
    }
    let names = TrainingLimits.columnName
    if let targetColumn {
      check(names.contains(targetColumn.unicodeScalars.count), "targetColumn", targetColumn, names.characters)
    }
    check(
      TrainingLimits.dropColumns.contains(dropColumns.count), "dropColumns", "\(dropColumns.count) columns",
      "at most \(TrainingLimits.dropColumns.upperBound) columns")
    for (position, column) in dropColumns.enumerated() where !names.contains(column.unicodeScalars.count) {
      check(false, "dropColumns[\(position)]", column, names.characters)
    }
    check(
      missingValues.known != nil, "missingValues", missingValues.rawValue, MissingValues.words.joined(separator: ", "))
    check(testFraction.value != nil, "testFraction", testFraction.text, Share.requirement)
    if let problem = TrainingLimits.seed.problem("dataset.seed", seed) {
      faults.append(TrainingFault("dataset.seed", problem))
    }
    return faults
  }
}

extension ClosedRange<Int> {
  fileprivate var characters: String { "from \(lowerBound) to \(upperBound) characters" }
}
