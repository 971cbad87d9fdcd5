import Foundation

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
  private let lock = NSLock()
  private var benches: [Bench] = []

  /// - Parameters:
  ///   - examples: the training rows.
  ///   - hyperparameters: those of RandomForest.
  package init(_ examples: Examples, classes: Int, hyperparameters: Hyperparameters, pool: ThreadPool = .shared) {
    let settings = TreeSettings(hyperparameters, rows: examples.count, width: examples.width)
    context = GrowingContext(examples, classes: classes, settings: settings, pool: pool)
    bootstrap = hyperparameters.flag("bootstrap")
    seed = UInt64(hyperparameters.integer("random_state"))
    self.pool = pool
  }

  /// Grows the trees `range`, several at once.
  package func grow(_ range: Range<Int>) -> [GrownTree] {
    pool.map(range.count) { part in
      let bench = borrow()
      defer { giveBack(bench) }
      return grow(range.lowerBound + part, on: bench)
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
    var mixer = SplitMix64(state: seed ^ (UInt64(index) &* 0xA24B_AED4_963E_E407))
    return mixer.next()
  }

  private func grow(_ index: Int, on bench: Bench) -> GrownTree {
    let seed = seed(of: index)
    if bootstrap { bench.bag.draw(context.labels, seed: seed) } else { bench.bag.fill(context.labels) }
    let root = OpenNode(first: 0, count: bench.bag.count, depth: 0, seed: seed, place: -1)
    var tally = GrowthTally(width: context.features.width)
    let tree = bench.grower.grow(root, bag: bench.bag, tally: &tally)
    return GrownTree(tree: tree, importances: TreeSummary.normalised(tally.gains))
  }

  /// The memory that one tree grows in.
  private struct Bench {
    let bag: Bag
    let grower: TreeGrower
  }

  private func borrow() -> Bench {
    lock.withLock { benches.popLast() }
      // Trees are spread over the threads, so the nodes of one are not.
      ?? Bench(bag: Bag(capacity: context.labels.count), grower: TreeGrower(context, parts: 1, pool: pool))
  }

  private func giveBack(_ bench: Bench) {
    lock.withLock { benches.append(bench) }
  }
}

extension ThreadPool {
  /// What `body` makes of each of 0..<`parts`, in that order; see `run`.
  func map<Result>(_ parts: Int, _ body: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: parts) { slots, filled in
      let slots = slots
      run(parts) { part in slots.initializeElement(at: part, to: body(part)) }
      filled = parts
    }
  }
}
