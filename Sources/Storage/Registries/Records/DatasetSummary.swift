/// What is in a data set: its schema and statistics, as they were when it was put.
package struct DatasetSummary: Sendable, Hashable, Codable {
  package struct Column: Sendable, Hashable, Codable {
    package var name: String
    /// `number` or `text`.
    package var kind: String
    /// Rows without a value.
    package var missing: Int
    /// Different values; nil where they were too many to count.
    package var distinct: Int?
    /// Of numbers: smallest, largest, mean and standard deviation of the values there are.
    package var minimum: Double?
    package var maximum: Double?
    package var mean: Double?
    package var deviation: Double?

    package init(
      name: String, kind: String, missing: Int = 0, distinct: Int? = nil, minimum: Double? = nil,
      maximum: Double? = nil, mean: Double? = nil, deviation: Double? = nil
    ) {
      self.name = name
      self.kind = kind
      self.missing = missing
      self.distinct = distinct
      self.minimum = minimum
      self.maximum = maximum
      self.mean = mean
      self.deviation = deviation
    }
  }
  /// `CSV` or `IDX`.
  package var format: String
  package var rows: Int
  package var columns: [Column]

  package init(format: String, rows: Int, columns: [Column]) {
    self.format = format
    self.rows = rows
    self.columns = columns
  }
}
