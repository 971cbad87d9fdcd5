/// A node of a tree, 16 bytes, as prediction walks it.
package struct TreeNode: Equatable, Sendable {
  /// The feature it asks for; −1 in a leaf.
  package var feature: Int32
  /// Rows whose feature is at most this go left. 0 in a leaf.
  package var threshold: Float
  /// The node for those rows, by its place in the tree, which is after this one's; in a leaf its row in the table of
  /// leaves.
  package var left: Int32
  /// The node for the others; −1 in a leaf.
  package var right: Int32

  /// A split.
  package init(feature: Int, threshold: Float, left: Int, right: Int) {
    self.feature = Int32(truncatingIfNeeded: feature)
    self.threshold = threshold
    self.left = Int32(truncatingIfNeeded: left)
    self.right = Int32(truncatingIfNeeded: right)
  }

  /// A leaf.
  package init(leaf: Int) {
    feature = -1
    threshold = 0
    left = Int32(truncatingIfNeeded: leaf)
    right = -1
  }

  package var isLeaf: Bool { feature < 0 }
}

/// A binary classification tree (CART; Breiman, Friedman, Olshen and Stone, 1984). The root is the first node.
package struct DecisionTree: Equatable, Sendable {
  package var nodes: [TreeNode] = []
  /// Class distributions of the leaves [leaves×classes], each adding up to 1.
  package var leaves: [Float] = []
  /// Number of classes.
  package let classes: Int

  package init(classes: Int) { self.classes = classes }

  /// Number of leaves.
  package var leafCount: Int { leaves.count / classes }

  /// Most splits above a leaf.
  package var depth: Int {
    var depths = [Int](repeating: 0, count: nodes.count)
    for (place, node) in nodes.enumerated() where !node.isLeaf {
      depths[Int(node.left)] = depths[place] + 1
      depths[Int(node.right)] = depths[place] + 1
    }
    return depths.max() ?? 0
  }

  /// Puts a leaf at `place` that holds `weights` rows of each class, together `weight`.
  mutating func setLeaf(_ place: Int, weights: UnsafePointer<UInt32>, weight: Int) {
    nodes[place] = TreeNode(leaf: leafCount)
    var index = 0
    while index < classes {
      leaves.append(Float(Double(weights[index]) / Double(weight)))
      index &+= 1
    }
  }

  /// Gives back the memory that growing arrays hold beyond their elements: a forest keeps many trees.
  mutating func trim() {
    nodes = nodes.withUnsafeBufferPointer { [TreeNode]($0) }
    leaves = leaves.withUnsafeBufferPointer { [Float]($0) }
  }

  /// Hangs `branch` where the node `place` is.
  mutating func graft(_ branch: DecisionTree, at place: Int) {
    let (firstNode, firstLeaf) = (nodes.count - 1, leafCount)
    func moved(_ node: TreeNode) -> TreeNode {
      node.isLeaf
        ? TreeNode(leaf: Int(node.left) + firstLeaf)
        : TreeNode(
          feature: Int(node.feature), threshold: node.threshold, left: Int(node.left) + firstNode,
          right: Int(node.right) + firstNode)
    }
    leaves += branch.leaves
    for (index, node) in branch.nodes.enumerated() {
      if index == 0 { nodes[place] = moved(node) } else { nodes.append(moved(node)) }
    }
  }
}
