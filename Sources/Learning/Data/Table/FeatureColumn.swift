/// One input column: how its cells become numbers and how those are standardised.
///
/// Policy for cells that are not known: the mean of the training rows for numbers, the most frequent value for booleans
/// and categories. A category that training never saw is treated as not known.
package struct FeatureColumn: Codable, Sendable, Equatable {
  /// What the cells hold.
  package enum Kind: String, Codable, Sendable {
    case number
    /// true/false → 1/0.
    case boolean
    /// Text → its place among the sorted categories, as scikit-learn's LabelEncoder has it.
    case category
  }

  package var name: String
  package var kind: Kind
  /// Sorted by their UTF-8 bytes; empty unless `kind` is category.
  package var categories: [String]
  /// Stands in for cells that are not known, before standardising.
  package var fill: Double
  /// Mean of the training rows.
  package var mean: Double
  /// Population standard deviation of the training rows, 1 for a constant column.
  package var deviation: Double

  package init(
    name: String, kind: Kind, categories: [String] = [], fill: Double = 0, mean: Double = 0, deviation: Double = 1
  ) {
    self.name = name
    self.kind = kind
    self.categories = categories
    self.fill = fill
    self.mean = mean
    self.deviation = deviation
  }

  /// The standardised value of `raw`; NaN means not known.
  func standardised(_ raw: Double) -> Float { Float(((raw.isNaN ? fill : raw) - mean) / deviation) }
}
