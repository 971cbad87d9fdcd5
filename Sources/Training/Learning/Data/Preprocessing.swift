/// How raw rows become the numbers a model was trained on, and how class numbers become labels again. Travels with the
/// model: without it a served model would guess at encodings and scales.
package struct Preprocessing: Codable, Sendable, Equatable {
  /// What goes in.
  package enum Input: Codable, Sendable, Equatable {
    /// Columns of a table, in the order of the model's inputs.
    case table([FeatureColumn])
    /// Images of `shape` (height, width) whose bytes are multiplied by `scale`.
    case image(shape: [Int], scale: Float)
  }

  package var input: Input
  /// The column that was learned; nil for images.
  package var targetColumn: String?
  /// Labels in the order of the model's outputs.
  package var classes: [String]

  package init(input: Input, targetColumn: String?, classes: [String]) {
    self.input = input
    self.targetColumn = targetColumn
    self.classes = classes
  }

  /// Number of inputs of the model.
  package var inputWidth: Int {
    switch input {
    case .table(let columns): columns.count
    case .image(let shape, _): shape.reduce(1, *)
    }
  }

  /// Names of the inputs; for images there are none.
  package var featureNames: [String] {
    if case .table(let columns) = input { return columns.map(\.name) }
    return []
  }
}
