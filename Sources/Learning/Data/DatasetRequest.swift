/// Which data to train on, as a job's spec names it.
package struct DatasetRequest: Sendable, Codable, Equatable {
  /// A path relative to the data root, an absolute path, `file://…`, or `builtin://digits?count=4000&seed=1`.
  package var uri: String
  /// `csv` or `idx` in any case; nil or empty: told from the name.
  package var format: String?
  /// The column to predict. Needed for CSV, ignored for images.
  package var targetColumn: String?
  /// Columns to leave out, such as identifiers.
  package var dropColumns: [String]
  /// Share of rows held out for the test, in [0, 1). Not used where the data comes with a test set of its own.
  package var testFraction: Double
  /// Decides the split.
  package var seed: UInt64

  package init(
    uri: String, format: String? = nil, targetColumn: String? = nil, dropColumns: [String] = [],
    testFraction: Double = 0.2, seed: UInt64 = 42
  ) {
    self.uri = uri
    self.format = format
    self.targetColumn = targetColumn
    self.dropColumns = dropColumns
    self.testFraction = testFraction
    self.seed = seed
  }
}

/// File formats a data set may have.
package enum DatasetFormat: String, CaseIterable, Sendable {
  case csv
  case idx
}
