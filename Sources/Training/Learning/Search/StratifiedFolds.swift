/// Rows dealt to folds for cross-validation: every row is held out in exactly one fold, every class is spread over the
/// folds as evenly as whole rows allow, and so are all rows together. Decided by the seed alone.
package struct StratifiedFolds: Equatable, Sendable {
  /// Number of folds.
  package let count: Int
  /// The fold of each row, from 0.
  private let foldOfRow: [Int32]

  private static let stream: UInt64 = 0x666F_6C64_73  // "folds"

  /// - Parameters:
  ///   - labels: the class number of each row.
  ///   - classes: the classes' names, for the error.
  /// - Throws: `invalidRequest` where a class that occurs has fewer rows than there are folds, naming the smallest.
  package init(labels: [Int32], classes: [String], count: Int, seed: UInt64) throws(LearningError) {
    var rows: [[Int32]] = Array(repeating: [], count: classes.count)
    for (row, label) in labels.enumerated() { rows[Int(label)].append(Int32(truncatingIfNeeded: row)) }
    let present = rows.indices.filter { !rows[$0].isEmpty }
    if let smallest = present.min(by: { rows[$0].count < rows[$1].count }), rows[smallest].count < count {
      let size = rows[smallest].count
      let cure = size < 2 ? "left out, or have more rows of" : "at most \(size), or have more rows of"
      throw .invalidRequest(
        field: "search.folds", value: "\(count)",
        expected: "\(cure) class \(classes[smallest]), which has \(size) to train on")
    }
    var random = SeededRandom(seed: seed, stream: Self.stream)
    var folds = [Int32](repeating: 0, count: labels.count)
    // Each class goes on where the last one stopped: so the left-over rows of all classes are spread as well.
    var next = 0
    for index in present {
      random.shuffle(&rows[index])
      for row in rows[index] {
        folds[Int(row)] = Int32(truncatingIfNeeded: next)
        next = next + 1 == count ? 0 : next + 1
      }
    }
    foldOfRow = folds
    self.count = count
  }

  /// The rows outside and inside `fold`, each in ascending order.
  package func split(holdingOut fold: Int) -> TrainTestSplit {
    let rows = foldOfRow.indices.map { Int32(truncatingIfNeeded: $0) }
    return TrainTestSplit(
      train: rows.filter { foldOfRow[Int($0)] != fold }, test: rows.filter { foldOfRow[Int($0)] == fold })
  }
}
