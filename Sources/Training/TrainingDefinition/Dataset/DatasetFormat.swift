/// How a data set's bytes are to be read.
package enum DatasetFormat: String, CaseIterable, Sendable, Hashable {
  /// A table (RFC 4180).
  case csv = "CSV"
  /// Images and labels as MNIST has them.
  case idx = "IDX"
}
