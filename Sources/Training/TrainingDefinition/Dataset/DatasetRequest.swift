/// Which data to train on, as a job's spec names it.
package struct DatasetRequest: Sendable, Codable, Equatable {
  /// A path relative to the data root, an absolute path, `file://…`, or `builtin://digits?count=4000&seed=1`.
  package var uri: String
  /// `csv` or `idx` in any case; nil or empty: told from the name.
  package var format: String?
  /// Whether the first record of a CSV file names its columns. Without a header they are called column1, column2, ….
  package var header: Bool
  /// The column to predict: its name or, in a file without a header, also its place from 1. Needed for CSV, ignored for
  /// images.
  package var targetColumn: String?
  /// Columns to leave out, such as identifiers; named as `targetColumn` is.
  package var dropColumns: [String]
  /// What to do about cells that are not known.
  package var missingValues: MissingValues
  /// Share of rows held out for the test, in [0, 1). Not used where the data comes with a test set of its own.
  package var testFraction: Double
  /// Whether the held-out rows have the proportions of all classes. Without it they are drawn from all rows alike.
  package var stratified: Bool
  /// Decides the split.
  package var seed: UInt64

  package init(
    uri: String, format: String? = nil, header: Bool = true, targetColumn: String? = nil, dropColumns: [String] = [],
    missingValues: MissingValues = .impute, testFraction: Double = 0.2, stratified: Bool = false, seed: UInt64 = 42
  ) {
    self.uri = uri
    self.format = format
    self.header = header
    self.targetColumn = targetColumn
    self.dropColumns = dropColumns
    self.missingValues = missingValues
    self.testFraction = testFraction
    self.stratified = stratified
    self.seed = seed
  }
}
