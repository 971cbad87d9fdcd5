/// What a confusion matrix says about a classifier.
///
/// Precision, recall and F1 follow scikit-learn with `zero_division=0`: with two classes they are those of the second
/// class (`average="binary"`), with more the means over classes weighted by how many rows each has (`"weighted"`).
package struct ClassificationReport: Codable, Sendable, Equatable {
  /// One class against the rest.
  package struct ClassScore: Codable, Sendable, Equatable {
    package var label: String
    package var precision: Double
    package var recall: Double
    package var f1Score: Double
    /// Rows of this class.
    package var support: Int

    private enum CodingKeys: String, CodingKey {
      case label, precision, recall, support
      case f1Score = "f1_score"
    }
  }

  /// Rows of class i that were taken for class j, at [i][j].
  package var confusion: [[Int]]
  package var classes: [ClassScore]
  package var accuracy: Double
  package var precision: Double
  package var recall: Double
  package var f1Score: Double

  private enum CodingKeys: String, CodingKey {
    case confusion, classes, accuracy, precision, recall
    case f1Score = "f1_score"
  }

  /// - Parameters:
  ///   - confusion: square, truth by row; every count from 0.
  ///   - labels: one a row of `confusion`.
  package init(confusion: [[Int]], labels: [String]) {
    self.confusion = confusion
    let indices = confusion.indices
    classes = indices.map { index in
      let hits = confusion[index][index]
      let support = confusion[index].reduce(0, +)
      let predicted = indices.reduce(0) { $0 + confusion[$1][index] }
      return ClassScore(
        label: labels[index], precision: Self.ratio(hits, predicted), recall: Self.ratio(hits, support),
        f1Score: Self.ratio(2 * hits, predicted + support), support: support)
    }
    let total = classes.reduce(0) { $0 + $1.support }
    accuracy = Self.ratio(indices.reduce(0) { $0 + confusion[$1][$1] }, total)
    if classes.count == 2 {
      precision = classes[1].precision
      recall = classes[1].recall
      f1Score = classes[1].f1Score
    } else {
      precision = Self.weighted(classes, total, \.precision)
      recall = Self.weighted(classes, total, \.recall)
      f1Score = Self.weighted(classes, total, \.f1Score)
    }
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

  private static func weighted(_ classes: [ClassScore], _ total: Int, _ value: KeyPath<ClassScore, Double>) -> Double {
    guard total > 0 else { return 0 }
    return classes.reduce(0) { $0 + $1[keyPath: value] * Double($1.support) } / Double(total)
  }
}
