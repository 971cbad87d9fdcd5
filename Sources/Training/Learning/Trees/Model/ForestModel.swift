/// The sizes of a forest's tensors.
package struct ForestShape: Codable, Sendable, Equatable {
  package var trees: Int
  /// Of all trees together.
  package var nodes: Int
  package var leaves: Int

  init(_ forest: [DecisionTree]) {
    trees = forest.count
    nodes = forest.reduce(0) { $0 + $1.nodes.count }
    leaves = forest.reduce(0) { $0 + $1.leafCount }
  }
}

/// How a forest becomes a model's tensors and a classifier again. A single tree is a forest of one.
///
/// All trees' nodes lie one after the other:
/// - `tree_start` [trees+1], 32-bit integers: the first node of each tree, and the number of nodes.
/// - `feature` [nodes], 32-bit integers: the feature that a node asks for, −1 in a leaf.
/// - `threshold` [nodes], 32-bit floats: rows whose preprocessed feature is at most this go left. 0 in a leaf.
/// - `left`, `right` [nodes], 32-bit integers: the children, counted from the tree's first node and greater than the
///   node's own place. In a leaf `left` is its row in `leaf_probabilities` (of all trees together), `right` is −1.
/// - `leaf_probabilities` [leaves×classes], 32-bit floats. A forest's answer is the mean over its trees.
enum ForestModel {
  static func tensors(of forest: [DecisionTree], classes: Int) -> [Tensor] {
    let shape = ForestShape(forest)
    var starts: [Int32] = [0]
    var features: [Int32] = []
    var thresholds: [Float] = []
    var left: [Int32] = []
    var right: [Int32] = []
    var leaves: [Float] = []
    features.reserveCapacity(shape.nodes)
    thresholds.reserveCapacity(shape.nodes)
    left.reserveCapacity(shape.nodes)
    right.reserveCapacity(shape.nodes)
    leaves.reserveCapacity(shape.leaves * classes)
    for tree in forest {
      let firstLeaf = Int32(truncatingIfNeeded: leaves.count / classes)
      for node in tree.nodes {
        features.append(node.feature)
        thresholds.append(node.threshold)
        left.append(node.isLeaf ? node.left &+ firstLeaf : node.left)
        right.append(node.right)
      }
      leaves += tree.leaves
      starts.append(Int32(truncatingIfNeeded: features.count))
    }
    return [
      Tensor(name: "tree_start", shape: [starts.count], integers: starts),
      Tensor(name: "feature", shape: [shape.nodes], integers: features),
      Tensor(name: "threshold", shape: [shape.nodes], floats: thresholds),
      Tensor(name: "left", shape: [shape.nodes], integers: left),
      Tensor(name: "right", shape: [shape.nodes], integers: right),
      Tensor(name: "leaf_probabilities", shape: [shape.leaves, classes], floats: leaves),
    ]
  }

  static func tensors(
    in file: TensorFile, shape: ForestShape, for preprocessing: Preprocessing
  ) throws(LearningError) -> [Tensor] {
    do throws(ForestTables.Flaw) {
      let tables = try ForestTables(file, classes: preprocessing.classes.count)
      try tables.check(width: preprocessing.inputWidth)
      guard tables.shape == shape else { throw ForestTables.Flaw("its tensors are not those of its description") }
      return tables.tensors
    } catch {
      throw .badModel(detail: error.detail)
    }
  }

  /// - Parameter tensors: checked ones.
  static func classifier(_ tensors: [Tensor], for preprocessing: Preprocessing) -> ForestClassifier {
    let classes = preprocessing.classes.count
    let forest = (try? ForestTables(TensorFile(metadata: [:], tensors: tensors), classes: classes))?.forest ?? []
    return ForestClassifier(forest, inputWidth: preprocessing.inputWidth, classes: classes)
  }
}
