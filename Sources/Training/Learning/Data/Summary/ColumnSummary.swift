/// What a column of a data set holds.
package struct ColumnSummary: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable {
    case number
    case text
  }
  package var name: String
  package var kind: Kind
  /// Rows without a value.
  package var missing: Int
  /// Different values; nil where they are more than were counted.
  package var distinct: Int?
  /// Of a column of numbers, over its finite values.
  package var statistics: RunningStatistics?
}

/// Counts different values up to a bound, and no more memory than that takes.
struct DistinctCounter {
  private var values: Set<UInt64> = []
  private var isFull = false
  let bound: Int

  init(bound: Int) { self.bound = bound }

  @inline(__always)
  mutating func add(_ value: @autoclosure () -> UInt64) {
    guard !isFull else { return }
    values.insert(value())
    guard values.count > bound else { return }
    isFull = true
    values = []
  }

  /// nil beyond the bound.
  var count: Int? { isFull ? nil : values.count }
}
