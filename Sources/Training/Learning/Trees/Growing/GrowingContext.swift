#if canImport(Glibc)
  import Glibc
#endif

/// What all trees of one run share while they grow; nothing in it changes.
final class GrowingContext {
  let features: BinnedFeatures
  /// Class of each row.
  let labels: [Int32]
  let classes: Int
  /// Classes rounded up to a power of two, at least 8: the kernels' rows are that long.
  let stride: Int
  let settings: TreeSettings

  /// x·log2(x) for small x where the criterion is entropy; empty otherwise.
  private let logarithms: UnsafeMutableBufferPointer<Double>

  init(_ examples: Examples, classes: Int, settings: TreeSettings, pool: ThreadPool) {
    features = BinnedFeatures(examples, pool: pool)
    labels = examples.labels
    self.classes = classes
    self.settings = settings
    var stride = 8
    while stride < classes { stride *= 2 }
    self.stride = stride
    let tabled = settings.criterion == .entropy ? min(examples.count + 1, 1 << 16) : 0
    logarithms = .allocate(capacity: tabled)
    for x in 0..<tabled { logarithms.initializeElement(at: x, to: x == 0 ? 0 : Double(x) * log2(Double(x))) }
  }

  deinit { logarithms.deallocate() }

  /// The table of logarithms as the kernels take it; nil for Gini's criterion.
  var tabledLogarithms: (base: UnsafePointer<Double>, count: Int)? {
    guard settings.criterion == .entropy, let base = logarithms.baseAddress else { return nil }
    return (UnsafePointer(base), logarithms.count)
  }

  /// The kernels' score of a node that is not split, with `totals` [classes]: a split decreases the impurity, times
  /// weight, by its score less this.
  func unsplitScore(_ totals: UnsafePointer<UInt32>, weight: Int) -> Double {
    var sum = 0.0
    for index in 0..<classes where totals[index] > 0 {
      let count = Double(totals[index])
      sum += settings.criterion == .gini ? count * count : count * log2(count)
    }
    let weight = Double(weight)
    return settings.criterion == .gini ? sum / weight : sum - weight * log2(weight)
  }
}
