/// What to do about cells of a CSV file that are empty, blank, `NA`, `N/A` or `null`, or `NaN` among texts.
package enum MissingValues: String, CaseIterable, Codable, Sendable, Hashable {
  /// Inputs: the training rows' mean for numbers, their most frequent value for booleans and categories. Rows whose
  /// target is not known are left out. The default.
  case impute = "Impute"
  /// Rows in which any input or the target is not known are left out.
  case dropRows = "DropRows"
  /// The first unknown cell, of an input or of the target, is an error.
  case error = "Error"

  /// In upper or lower case, as older checkpoints have it.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = MissingValues(anyCase: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text.inQuotes) is no policy")
    }
    self = value
  }
}
