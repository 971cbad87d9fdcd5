/// How a data set's bytes are to be read.
package enum DatasetFormat: String, CaseIterable, Sendable, Hashable {
  /// A table (RFC 4180).
  case csv = "CSV"
  /// Images and labels as MNIST has them.
  case idx = "IDX"
}

extension DatasetFormat {
  /// The format that a file's name tells, also of one that is compressed; nil where it tells none.
  package init?(fileName: String) {
    let lower = fileName.lowercased()
    let bare = lower.hasSuffix(".gz") ? String(lower.dropLast(3)) : lower
    if lower.hasSuffix(".csv") {
      self = .csv
    } else if bare.hasSuffix("ubyte") || bare.hasSuffix(".idx") {
      self = .idx
    } else {
      return nil
    }
  }
}
