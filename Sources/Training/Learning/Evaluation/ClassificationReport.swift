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

  /// The class called `label`; nil where there is none.
  package func score(of label: String) -> ClassScore? { classes.first { $0.label == label } }

  private static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

  private static func weighted(_ classes: [ClassScore], _ total: Int, _ value: KeyPath<ClassScore, Double>) -> Double {
    guard total > 0 else { return 0 }
    return classes.reduce(0) { $0 + $1[keyPath: value] * Double($1.support) } / Double(total)
  }
}

/// Written compactly: a matrix of many classes is nearly empty, so from `denseClasses` on only its cells that are not
/// zero are written, each as row, column and count. What follows from the matrix is written for its readers and computed
/// anew when the report is read.
extension ClassificationReport {
  private enum CodingKeys: String, CodingKey {
    case labels, confusion, cells, classes, accuracy, precision, recall
    case f1Score = "f1_score"
  }

  /// With more classes the matrix is written cell by cell.
  static let denseClasses = 32

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(precision, forKey: .precision)
    try container.encode(recall, forKey: .recall)
    try container.encode(f1Score, forKey: .f1Score)
    if classes.count <= Self.denseClasses {
      try container.encode(classes, forKey: .classes)
      try container.encode(confusion, forKey: .confusion)
      return
    }
    try container.encode(classes.map(\.label), forKey: .labels)
    var cells: [Int] = []
    for (truth, row) in confusion.enumerated() {
      for (predicted, count) in row.enumerated() where count != 0 { cells += [truth, predicted, count] }
    }
    try container.encode(cells, forKey: .cells)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let confusion: [[Int]]
    let labels: [String]
    if let cells = try container.decodeIfPresent([Int].self, forKey: .cells) {
      labels = try container.decode([String].self, forKey: .labels)
      confusion = try Self.matrix(cells, size: labels.count, container)
    } else {
      labels = try container.decode([ClassScore].self, forKey: .classes).map(\.label)
      confusion = try container.decode([[Int]].self, forKey: .confusion)
    }
    let isSound =
      labels.count <= TargetReader.maximumClasses && confusion.count == labels.count
      && confusion.allSatisfy { row in
        row.count == labels.count && row.allSatisfy { (0...Int(Int32.max)).contains($0) }
      }
    guard isSound else {
      throw DecodingError.dataCorruptedError(
        forKey: .confusion, in: container, debugDescription: "the matrix is not square or holds impossible counts")
    }
    self.init(confusion: confusion, labels: labels)
  }

  private static func matrix(
    _ cells: [Int], size: Int, _ container: KeyedDecodingContainer<CodingKeys>
  ) throws -> [[Int]] {
    let places = 0..<min(size, TargetReader.maximumClasses)
    var matrix = Array(repeating: [Int](repeating: 0, count: places.count), count: places.count)
    for first in stride(from: 0, to: cells.count, by: 3) {
      guard first + 2 < cells.count, places.contains(cells[first]), places.contains(cells[first + 1]) else {
        throw DecodingError.dataCorruptedError(
          forKey: .cells, in: container, debugDescription: "a cell lies outside the matrix")
      }
      matrix[cells[first]][cells[first + 1]] = cells[first + 2]
    }
    return matrix
  }
}
