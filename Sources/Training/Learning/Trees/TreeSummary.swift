/// What is known of a tree or a forest beyond how well it predicts.
package struct TreeSummary: Codable, Sendable, Equatable {
  /// How much one feature contributed.
  package struct Importance: Codable, Sendable, Equatable {
    /// A column's name; "pixel row,column" of an image, both from 0.
    package var feature: String
    /// Its share in the decrease of impurity by all splits, from 0 to 1.
    package var importance: Double
  }

  package var trees: Int
  package var nodes: Int
  package var leaves: Int
  /// Most splits above a leaf.
  package var depth: Int
  /// In the order of the model's inputs; they add up to 1 (scikit-learn's `feature_importances_`), or are all 0 where
  /// nothing was split.
  package var importances: [Importance]
  /// Share of training rows that those trees predict right that did not learn from them; nil unless asked for.
  package var oobScore: Double?

  private enum CodingKeys: String, CodingKey {
    case trees, nodes, leaves, depth, importances
    case oobScore = "oob_score"
  }

  /// - Parameter importances: one a feature, not necessarily adding up to 1.
  init(_ forest: [DecisionTree], importances: [Double], preprocessing: Preprocessing, oobScore: Double? = nil) {
    trees = forest.count
    nodes = forest.reduce(0) { $0 + $1.nodes.count }
    leaves = forest.reduce(0) { $0 + $1.leafCount }
    depth = forest.lazy.map(\.depth).max() ?? 0
    self.importances = zip(Self.names(preprocessing), Self.normalised(importances)).map {
      Importance(feature: $0, importance: $1)
    }
    self.oobScore = oobScore
  }

  /// `values` divided by their sum; all 0 where that is 0.
  static func normalised(_ values: [Double]) -> [Double] {
    let sum = values.reduce(0, +)
    return sum > 0 ? values.map { $0 / sum } : values.map { _ in 0 }
  }

  private static func names(_ preprocessing: Preprocessing) -> [String] {
    switch preprocessing.input {
    case .table(let columns): columns.map(\.name)
    case .image(let shape, _):
      (0..<preprocessing.inputWidth).map { place in
        var rest = place
        var indices: [String] = []
        for size in shape.reversed() {
          indices.insert("\(rest % size)", at: 0)
          rest /= size
        }
        return "pixel " + indices.joined(separator: ",")
      }
    }
  }
}
