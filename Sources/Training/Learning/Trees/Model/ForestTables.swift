/// A forest's tensors as they were read; see `ForestModel` for what they hold. A file may come from anywhere: nothing is
/// believed before `check`.
struct ForestTables {
  /// Why tensors are not a forest.
  struct Flaw: Error {
    let detail: String
    init(_ detail: String) { self.detail = detail }
  }

  let tensors: [Tensor]
  private let starts: [Int32]
  private let feature: [Int32]
  private let threshold: [Float]
  private let left: [Int32]
  private let right: [Int32]
  private let leaves: [Float]
  private let classes: Int

  /// - Throws: `Flaw` where a tensor is missing or they do not fit each other.
  init(_ file: TensorFile, classes: Int) throws(Flaw) {
    func integers(_ name: String) throws(Flaw) -> (Tensor, [Int32]) {
      guard let tensor = file[name], let values = tensor.integers, tensor.shape.count == 1 else {
        throw Flaw("tensor \(name) is missing or no row of 32-bit integers")
      }
      return (tensor, values)
    }
    let start = try integers("tree_start")
    let feature = try integers("feature")
    let left = try integers("left")
    let right = try integers("right")
    guard let threshold = file["threshold"], let thresholds = threshold.floats, threshold.shape.count == 1 else {
      throw Flaw("tensor threshold is missing or no row of 32-bit floats")
    }
    guard let table = file["leaf_probabilities"], let leaves = table.floats, table.shape.count == 2,
      table.shape[1] == classes
    else { throw Flaw("tensor leaf_probabilities is missing or has not one 32-bit float a class") }
    tensors = [start.0, feature.0, threshold, left.0, right.0, table]
    starts = start.1
    self.feature = feature.1
    self.threshold = thresholds
    self.left = left.1
    self.right = right.1
    self.leaves = leaves
    self.classes = classes
    guard left.1.count == feature.1.count, right.1.count == feature.1.count, thresholds.count == feature.1.count
    else { throw Flaw("its nodes have no one size") }
  }

  var shape: ForestShape {
    var shape = ForestShape([])
    shape.trees = starts.count - 1
    shape.nodes = feature.count
    shape.leaves = leaves.count / classes
    return shape
  }

  /// Makes sure that every walk through a tree ends in a leaf that is there: children lie behind their parents, and
  /// every node but a root is the child of exactly one.
  /// - Throws: `Flaw` naming the first place that is wrong.
  func check(width: Int) throws(Flaw) {
    guard starts.count >= 2, starts[0] == 0, Int(starts[starts.count - 1]) == feature.count else {
      throw Flaw("its trees do not cover its nodes")
    }
    for tree in 0..<(starts.count - 1) {
      guard starts[tree] < starts[tree + 1] else { throw Flaw("tree \(tree) has no nodes") }
    }
    // Ascending starts from 0 to the number of nodes: no tree reaches beyond the tables.
    for tree in 0..<(starts.count - 1) { try check(tree: tree, width: width) }
    try checkLeaves()
  }

  private func check(tree: Int, width: Int) throws(Flaw) {
    let first = Int(starts[tree])
    let size = Int(starts[tree + 1]) - first
    var hasParent = [Bool](repeating: false, count: size)
    hasParent[0] = true
    for place in 0..<size {
      let node = first + place
      guard hasParent[place] else { throw Flaw("node \(place) of tree \(tree) hangs on nothing") }
      if feature[node] == -1 {
        guard left[node] >= 0, Int(left[node]) < leaves.count / classes, right[node] == -1 else {
          throw Flaw("leaf \(place) of tree \(tree) has no distribution")
        }
        continue
      }
      guard feature[node] >= 0, Int(feature[node]) < width, threshold[node].isFinite else {
        throw Flaw("node \(place) of tree \(tree) asks for a feature or threshold that cannot be")
      }
      for child in [Int(left[node]), Int(right[node])] {
        guard child > place, child < size, !hasParent[child] else {
          throw Flaw("node \(place) of tree \(tree) has an impossible child")
        }
        hasParent[child] = true
      }
    }
  }

  private func checkLeaves() throws(Flaw) {
    for leaf in 0..<(leaves.count / classes) {
      var sum: Float = 0
      for probability in leaves[(leaf * classes)..<((leaf + 1) * classes)] {
        guard probability >= 0, probability <= 1 else { throw Flaw("leaf \(leaf) is no distribution") }
        sum += probability
      }
      guard abs(sum - 1) < 1e-3 else { throw Flaw("leaf \(leaf) is no distribution") }
    }
  }

  /// The only tree with its leaves in their order; nil where there are several. Only after `check`.
  var single: DecisionTree? {
    guard starts.count == 2 else { return nil }
    var tree = DecisionTree(classes: classes)
    tree.leaves = leaves
    tree.nodes = feature.indices.map { node in
      feature[node] < 0
        ? TreeNode(leaf: Int(left[node]))
        : TreeNode(
          feature: Int(feature[node]), threshold: threshold[node], left: Int(left[node]), right: Int(right[node]))
    }
    return tree
  }

  /// The trees, each with its leaves in the order of its nodes. Only after `check`.
  var forest: [DecisionTree] {
    (0..<(starts.count - 1)).map { index in
      var tree = DecisionTree(classes: classes)
      tree.nodes.reserveCapacity(Int(starts[index + 1] - starts[index]))
      for node in Int(starts[index])..<Int(starts[index + 1]) {
        if feature[node] < 0 {
          let leaf = Int(left[node])
          tree.nodes.append(TreeNode(leaf: tree.leafCount))
          tree.leaves += leaves[(leaf * classes)..<((leaf + 1) * classes)]
        } else {
          tree.nodes.append(
            TreeNode(
              feature: Int(feature[node]), threshold: threshold[node], left: Int(left[node]), right: Int(right[node])))
        }
      }
      return tree
    }
  }
}
