// How messages show what came from outside.

extension String {
  /// In quotes, and cut, so that a hostile value cannot fill a condition.
  package var inQuotes: String { count <= 64 ? "\"\(self)\"" : "\"\(prefix(64))…\"" }
}

extension [String] {
  /// A list of names, cut after 40: wide tables have hundreds of columns, and a condition holds 32 KiB.
  package var listed: String {
    guard count > 40 else { return joined(separator: ", ") }
    return prefix(40).joined(separator: ", ") + " and \(count - 40) more"
  }
}
