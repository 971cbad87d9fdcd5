/// One input column: how its cells become numbers and how those are standardised.
///
/// A cell becomes a raw number by `kind`: itself, 0 or 1, or its place in `categories`. A cell that is not known, and a
/// category or boolean that training never saw, becomes `fill`. The model's input is (raw − `mean`) / `deviation`.
///
/// `fill` is the mean of the training rows for numbers, their most frequent value (the smallest of equals) for booleans
/// and categories; 0 where no training row is known. All statistics are those of the training rows alone, unknown cells
/// filled in.
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
