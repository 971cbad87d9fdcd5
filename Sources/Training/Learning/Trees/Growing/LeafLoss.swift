#if canImport(Glibc)
  import Glibc
#endif

/// How well the rows of a node are told by the node's own class distribution.
enum LeafLoss {
  /// Σ −log p(label) over the rows, in nats.
  /// - Parameter totals: weight by class [classes], together `weight`.
  static func loss(_ totals: UnsafePointer<UInt32>, classes: Int, weight: Int) -> Double {
    var loss = 0.0
    for index in 0..<classes where totals[index] > 0 && Int(totals[index]) < weight {
      loss -= Double(totals[index]) * log(Double(totals[index]) / Double(weight))
    }
    return loss
  }
}
