#if canImport(Glibc)
  import Glibc
#endif

/// Sums of the class distributions that the trees of a growing forest give to some rows.
struct Votes {
  private var sums: [Float]
  /// Trees that judged each row.
  private var counts: [Int32]
  private let labels: [Int32]
  private let classes: Int

  /// - Parameter labels: the class of each row.
  init(labels: [Int32], classes: Int) {
    self.labels = labels
    self.classes = classes
    sums = [Float](repeating: 0, count: labels.count * classes)
    counts = [Int32](repeating: 0, count: labels.count)
  }

  /// Adds what `tree` says: `leaves` has the row in its table that each row falls into, −1 for rows it must not judge.
  mutating func add(_ leaves: [Int32], of tree: DecisionTree) {
    for (row, leaf) in leaves.enumerated() where leaf >= 0 {
      counts[row] += 1
      for index in 0..<classes { sums[row * classes + index] += tree.leaves[Int(leaf) * classes + index] }
    }
  }

  /// Adds `trees` trees' votes for the rows from `first` on, [rows×classes] summed up.
  mutating func add(_ more: UnsafeBufferPointer<Float>, from first: Int, trees: Int) {
    for index in more.indices { sums[first * classes + index] += more[index] }
    for row in first..<(first + more.count / classes) { counts[row] += Int32(truncatingIfNeeded: trees) }
  }

  /// Mean of −log p(label), in nats, and the share of rows predicted right, over the rows that any tree judged; nil
  /// without such rows.
  var score: (loss: Double, accuracy: Double)? {
    var loss = 0.0
    var correct = 0
    var judged = 0
    sums.withUnsafeBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      for row in labels.indices where counts[row] > 0 {
        let votes = sums + row * classes
        let label = Int(labels[row])
        judged += 1
        // As `Kernels.score` has it: one confident mistake must not make the loss infinite.
        loss -= log(max(Double(votes[label]) / Double(counts[row]), 1e-15))
        if Kernels.argmax(votes, count: classes) == label { correct += 1 }
      }
    }
    return judged > 0 ? (loss / Double(judged), Double(correct) / Double(judged)) : nil
  }
}
