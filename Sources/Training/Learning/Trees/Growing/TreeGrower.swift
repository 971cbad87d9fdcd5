import Basics
import CTrees

/// A node that is still to be grown: a run of the bag's rows.
struct OpenNode: Equatable {
  /// Its first row's place in the bag.
  var first: Int
  var count: Int
  /// Splits above it.
  var depth: Int
  /// Decides which features are drawn in it and below it.
  var seed: UInt64
  /// Where it is to be put; within a branch the node that it is the right child of, −1 for the others.
  var place: Int
}

/// What a branch says of itself once it is grown.
struct GrowthTally: Equatable {
  /// Gain in impurity, times weight, by feature.
  var gains: [Double]
  /// Weight of the rows in leaves, and of those that belong to their leaf's largest class.
  var weight = 0
  var correct = 0
  /// Σ −log p(label) over those rows, in nats.
  var loss = 0.0

  init(width: Int) { gains = [Double](repeating: 0, count: width) }

  /// Adds what another branch says.
  mutating func add(_ other: GrowthTally) {
    for index in gains.indices { gains[index] += other.gains[index] }
    weight += other.weight
    correct += other.correct
    loss += other.loss
  }
}

/// Grows branches depth first, left before right; owns the memory that takes. One a thread.
final class TreeGrower {
  private let context: GrowingContext
  private let search: SplitSearch
  private var open: [OpenNode] = []
  /// Bits of constant features and weights by class, for the node at each place of `open`.
  private var constants: Pile<UInt64>
  private var totals: Pile<UInt32>
  private let leftTotals: UnsafeMutablePointer<UInt32>
  private let excerpt: Excerpt

  /// - Parameter parts: see `SplitSearch`; 1 where several trees grow at once.
  init(_ context: GrowingContext, parts: Int, pool: ThreadPool) {
    self.context = context
    search = SplitSearch(context, parts: parts, pool: pool)
    constants = Pile(width: (context.features.width + 63) / 64)
    totals = Pile(width: context.stride)
    leftTotals = .allocate(capacity: context.stride)
    excerpt = Excerpt(context.features)
  }

  deinit { leftTotals.deallocate() }

  /// Grows everything below `root` out of `bag` as a branch of its own.
  func grow(_ root: OpenNode, bag: Bag, tally: inout GrowthTally) -> DecisionTree {
    var tree = DecisionTree(classes: context.classes)
    var top = root
    top.place = -1
    push(top)
    bag.total(root.first, root.count, into: totals[0], stride: context.stride)
    constants[0].update(repeating: 0, count: constants.width)
    while let node = open.popLast() {
      let level = open.count
      if !excerpt.covers(node) {
        excerpt.close(bag)
        if node.count <= Excerpt.maximumRows { excerpt.take(node, of: bag, constants: constants[level]) }
      }
      // A left child follows its parent; a right one is told where it has come to lie.
      let place = tree.nodes.count
      tree.nodes.append(TreeNode(leaf: 0))
      if node.place >= 0 { tree.nodes[node.place].right = Int32(truncatingIfNeeded: place) }
      guard let split = split(node, level: level, bag: bag) else {
        close(node, totals[level], at: place, in: &tree, tally: &tally)
        continue
      }
      tally.gains[split.feature] += split.gain
      tree.nodes[place] = TreeNode(
        feature: split.feature,
        threshold: context.features.threshold(feature: split.feature, between: split.bin, and: split.next),
        left: place + 1, right: 0)
      divide(node, by: split, level: level, place: place, bag: bag)
    }
    excerpt.close(bag)
    tree.trim()
    return tree
  }

  /// Splits `node` alone.
  /// - Returns: the split and the children, whose places are not set; nil where it must be a leaf.
  func divide(_ node: OpenNode, bag: Bag) -> (split: Split, left: OpenNode, right: OpenNode)? {
    push(node)
    bag.total(node.first, node.count, into: totals[0], stride: context.stride)
    constants[0].update(repeating: 0, count: constants.width)
    open.removeAll()
    guard let split = split(node, level: 0, bag: bag) else { return nil }
    divide(node, by: split, level: 0, place: -1, bag: bag)
    defer { open.removeAll() }
    return (split, open[1], open[0])
  }

  /// Makes `node` a leaf at `place`.
  func close(_ node: OpenNode, at place: Int, bag: Bag, in tree: inout DecisionTree, tally: inout GrowthTally) {
    bag.total(node.first, node.count, into: leftTotals, stride: context.stride)
    close(node, leftTotals, at: place, in: &tree, tally: &tally)
  }

  private func close(
    _ node: OpenNode, _ totals: UnsafePointer<UInt32>, at place: Int, in tree: inout DecisionTree,
    tally: inout GrowthTally
  ) {
    let (weight, largest) = weigh(totals)
    tree.setLeaf(place, weights: totals, weight: weight)
    tally.weight += weight
    tally.correct += largest
    tally.loss += LeafLoss.loss(totals, classes: context.classes, weight: weight)
  }

  /// The split of `node`, whose figures lie at `level`; nil where it must be a leaf.
  private func split(_ node: OpenNode, level: Int, bag: Bag) -> Split? {
    let settings = context.settings
    let (weight, largest) = weigh(totals[level])
    guard node.depth < settings.maximumDepth, node.count >= settings.minimumSplit, largest < weight else { return nil }
    return search.best(
      SearchedNode(
        rows: bag.rows + node.first, count: node.count, totals: totals[level], weight: weight, seed: node.seed,
        constants: constants[level]), in: excerpt.matrix)
  }

  /// Replaces `node`, which was at `level`, by its right child, and puts the left one on top.
  private func divide(_ node: OpenNode, by split: Split, level: Int, place: Int, bag: Bag) {
    var matrix = excerpt.matrix
    let kept = ctrees_partition(
      &matrix, bag.rows + node.first, node.count, UInt32(truncatingIfNeeded: split.feature),
      UInt8(truncatingIfNeeded: split.bin), bag.spare + node.first, leftTotals,
      UInt32(truncatingIfNeeded: context.stride))
    var seeds = SplitMix64(seed: node.seed)
    let (leftSeed, rightSeed) = (seeds.next(), seeds.next())
    push(
      OpenNode(
        first: node.first + kept, count: node.count - kept, depth: node.depth + 1, seed: rightSeed, place: place))
    push(OpenNode(first: node.first, count: kept, depth: node.depth + 1, seed: leftSeed, place: -1))
    constants[level + 1].update(from: constants[level], count: constants.width)
    totals[level + 1].update(from: leftTotals, count: totals.width)
    var index = 0
    while index < totals.width {
      totals[level][index] &-= leftTotals[index]
      index &+= 1
    }
  }

  private func push(_ node: OpenNode) {
    open.append(node)
    constants.reserve(open.count)
    totals.reserve(open.count)
  }

  private func weigh(_ totals: UnsafePointer<UInt32>) -> (weight: Int, largest: Int) {
    var weight = 0
    var largest = 0
    var index = 0
    while index < context.classes {
      let count = Int(totals[index])
      weight &+= count
      largest = max(largest, count)
      index &+= 1
    }
    return (weight, largest)
  }
}
