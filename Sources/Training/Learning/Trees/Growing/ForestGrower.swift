import Basics
import TrainingDefinition

/// A tree of a forest as it was grown.
package struct GrownTree: Equatable, Sendable {
  package let tree: DecisionTree
  /// Share of each feature in the tree's decrease of impurity, adding up to 1; all 0 for a single leaf.
  package let importances: [Double]
}

/// Grows the trees of a forest (Breiman, "Random Forests", 2001).
///
/// Tree i depends on the seed, the data and i alone: ranges of trees may be grown anywhere, in any order, on any number
/// of threads, and put together they are the forest that one process would have grown.
package final class ForestGrower {
  private let context: GrowingContext
  private let bootstrap: Bool
  private let seed: UInt64
  private let pool: ThreadPool
  private let benches: Benches<(bag: Bag, grower: TreeGrower)>

  /// - Parameters:
  ///   - examples: the training rows.
  ///   - hyperparameters: those of RandomForest.
  package init(_ examples: Examples, classes: Int, hyperparameters: Hyperparameters, pool: ThreadPool = .shared) {
    let settings = TreeSettings(hyperparameters, rows: examples.count, width: examples.width)
    context = GrowingContext(examples, classes: classes, settings: settings, pool: pool)
    bootstrap = hyperparameters.flag("bootstrap")
    seed = UInt64(hyperparameters.integer("random_state"))
    self.pool = pool
    let (context, rows) = (context, examples.count)
    // Trees are spread over the threads, so the nodes of one are not.
    benches = Benches { (Bag(capacity: rows), TreeGrower(context, parts: 1, pool: pool)) }
  }

  /// Grows the trees `range`, several at once.
  package func grow(_ range: Range<Int>) -> [GrownTree] {
    pool.map(range.count) { part in
      benches.lend { grow(range.lowerBound + part, $0.bag, $0.grower) }
    }
  }

  /// For each of `trees`, the first of which is tree `first`: the leaf in its table that each of `rows` falls into, −1
  /// for rows that the tree learned from. Without bootstrap every row is judged.
  func judge(_ trees: ArraySlice<DecisionTree>, first: Int, rows: [Int]) -> [[Int32]] {
    pool.map(trees.count) { part in
      let tree = trees[trees.startIndex + part]
      guard bootstrap else { return rows.map { leaf(of: $0, in: tree) } }
      return Bootstrap.draw(context.labels.count, seed: seed(of: first + part)) { weights in
        rows.map { weights[$0] > 0 ? -1 : leaf(of: $0, in: tree) }
      }
    }
  }

  private func leaf(of row: Int, in tree: DecisionTree) -> Int32 {
    tree.nodes.withUnsafeBufferPointer { nodes in
      var node = nodes[0]
      while !node.isLeaf {
        let value = context.features.value(row: row, feature: Int(node.feature))
        node = nodes[Int(value <= node.threshold ? node.left : node.right)]
      }
      return node.left
    }
  }

  private func seed(of index: Int) -> UInt64 {
    var mixer = SplitMix64(seed: seed ^ (UInt64(index) &* 0xA24B_AED4_963E_E407))
    return mixer.next()
  }

  private func grow(_ index: Int, _ bag: Bag, _ grower: TreeGrower) -> GrownTree {
    let seed = seed(of: index)
    if bootstrap { bag.draw(context.labels, seed: seed) } else { bag.fill(context.labels) }
    let root = OpenNode(first: 0, count: bag.count, depth: 0, seed: seed, place: -1)
    var tally = GrowthTally(width: context.features.width)
    let tree = grower.grow(root, bag: bag, tally: &tally)
    return GrownTree(tree: tree, importances: TreeSummary.normalised(tally.gains))
  }
}
