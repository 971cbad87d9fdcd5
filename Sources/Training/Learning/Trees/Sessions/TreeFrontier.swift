/// A single tree that grows from its root down in bounded pieces.
///
/// Nodes of many rows are split one at a time, their features spread over the threads; then branches of few rows are
/// grown whole, several at once. Which node is grown when is fixed by the tree alone.
final class TreeFrontier {
  private(set) var tree: DecisionTree
  /// Nodes still to be grown, in the order of their making.
  private(set) var open: [OpenNode]
  private(set) var tally: GrowthTally
  let bag: Bag

  private let context: GrowingContext
  private let pool: ThreadPool
  private let wide: TreeGrower
  private let growers: Benches<TreeGrower>

  /// How much is grown at once.
  struct Piece {
    /// Nodes of more rows are split alone.
    var branchRows = 4096
    /// Branches of fewer rows that are grown together.
    var branches = 16
  }

  private let piece: Piece

  init(_ context: GrowingContext, seed: UInt64, piece: Piece = Piece(), pool: ThreadPool) {
    self.piece = piece
    self.context = context
    self.pool = pool
    wide = TreeGrower(context, parts: 2 * pool.threads, pool: pool)
    growers = Benches { TreeGrower(context, parts: 1, pool: pool) }
    bag = Bag(capacity: context.labels.count)
    bag.fill(context.labels)
    tally = GrowthTally(width: context.features.width)
    tree = DecisionTree(classes: context.classes)
    tree.nodes = [TreeNode(leaf: 0)]
    open = [OpenNode(first: 0, count: bag.count, depth: 0, seed: seed, place: 0)]
  }

  /// Takes up where another frontier on the same data was. The parts must fit each other.
  func restore(tree: DecisionTree, open: [OpenNode], tally: GrowthTally, rows: [Int32]) {
    self.tree = tree
    self.open = open
    self.tally = tally
    bag.restore(rows, labels: context.labels)
  }

  /// Grows one piece; does nothing once no node is open.
  func advance() {
    if let place = open.firstIndex(where: { $0.count > piece.branchRows }) {
      split(open.remove(at: place))
    } else {
      let taken = Array(open.prefix(piece.branches))
      open.removeFirst(taken.count)
      grow(taken)
    }
  }

  private func split(_ node: OpenNode) {
    guard var children = wide.divide(node, bag: bag) else {
      wide.close(node, at: node.place, bag: bag, in: &tree, tally: &tally)
      return
    }
    let split = children.split
    children.left.place = tree.nodes.count
    children.right.place = tree.nodes.count + 1
    tree.nodes.append(TreeNode(leaf: 0))
    tree.nodes.append(TreeNode(leaf: 0))
    tree.nodes[node.place] = TreeNode(
      feature: split.feature,
      threshold: context.features.threshold(feature: split.feature, between: split.bin, and: split.next),
      left: children.left.place, right: children.right.place)
    tally.gains[split.feature] += split.gain
    open += [children.left, children.right]
  }

  private func grow(_ nodes: [OpenNode]) {
    let branches = pool.map(nodes.count) { part in
      growers.lend { grower in
        var tally = GrowthTally(width: context.features.width)
        let branch = grower.grow(nodes[part], bag: bag, tally: &tally)
        return (branch, tally)
      }
    }
    for (node, (branch, tally)) in zip(nodes, branches) {
      tree.graft(branch, at: node.place)
      self.tally.add(tally)
    }
  }

  /// The tree as it is: open nodes are leaves.
  var closed: (tree: DecisionTree, tally: GrowthTally) {
    var (tree, tally) = (tree, tally)
    for node in open { wide.close(node, at: node.place, bag: bag, in: &tree, tally: &tally) }
    return (tree, tally)
  }
}
