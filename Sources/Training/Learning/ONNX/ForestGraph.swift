import ONNX

/// A forest as ONNX operations: a tree ensemble that adds up the leaves' distributions, divided by the number of trees.
///
/// The ensemble is the one for regression, one target a class. That for classification would name the label too, but
/// only from the sums: here one rule for the label serves all algorithms. Adding up before dividing, as the walker does,
/// leaves votes of pure leaves exact, so that a tie is a tie on both sides.
struct ForestGraph {
  private let starts: [Int32]
  private let feature: [Int32]
  private let threshold: [Float]
  private let left: [Int32]
  private let right: [Int32]
  private let leaves: [Float]
  private let classes: Int

  /// - Parameter tensors: those of `ForestModel`, checked.
  init(_ tensors: [Tensor], classes: Int) {
    func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }
    starts = tensor("tree_start")?.integers ?? [0]
    feature = tensor("feature")?.integers ?? []
    threshold = tensor("threshold")?.floats ?? []
    left = tensor("left")?.integers ?? []
    right = tensor("right")?.integers ?? []
    leaves = tensor("leaf_probabilities")?.floats ?? []
    self.classes = classes
  }

  /// - Returns: the probabilities [N×classes].
  func append(features: String, to builder: inout GraphBuilder) -> String {
    let sums = builder.node(
      "TreeEnsembleRegressor", domain: .machineLearning, [features], name: "votes",
      attributes: nodeAttributes + leafAttributes + [
        .init("n_targets", .integer(classes)), .init("aggregate_function", .string("SUM")),
        .init("post_transform", .string("NONE")),
      ])
    let share = builder.constant("share", shape: [], .floats([1 / Float(max(starts.count - 1, 1))]))
    return builder.node("Mul", [sums, share], name: "mean")
  }

  /// The tree of each node, and the node's place in it.
  private var places: [(tree: Int, node: Int)] {
    zip(starts, starts.dropFirst()).enumerated().flatMap { tree, range in
      (0..<Int(range.1 - range.0)).map { (tree, $0) }
    }
  }

  private var nodeAttributes: [AttributeProto] {
    let places = places
    // A leaf's children are not looked at.
    func child(_ side: [Int32]) -> [Int] { feature.indices.map { feature[$0] < 0 ? 0 : Int(side[$0]) } }
    return [
      .init("nodes_treeids", .integers(places.map(\.tree))), .init("nodes_nodeids", .integers(places.map(\.node))),
      .init("nodes_featureids", .integers(feature.map { max(0, Int($0)) })), .init("nodes_values", .floats(threshold)),
      .init("nodes_modes", .strings(feature.map { $0 < 0 ? "LEAF" : "BRANCH_LEQ" })),
      .init("nodes_truenodeids", .integers(child(left))), .init("nodes_falsenodeids", .integers(child(right))),
    ]
  }

  /// The distributions without their zeros, which most entries of a deep tree are.
  private var leafAttributes: [AttributeProto] {
    var trees: [Int] = []
    var nodes: [Int] = []
    var targets: [Int] = []
    var weights: [Float] = []
    for (index, place) in places.enumerated() where feature[index] < 0 {
      let first = Int(left[index]) * classes
      for target in 0..<classes where leaves[first + target] != 0 {
        trees.append(place.tree)
        nodes.append(place.node)
        targets.append(target)
        weights.append(leaves[first + target])
      }
    }
    return [
      .init("target_treeids", .integers(trees)), .init("target_nodeids", .integers(nodes)),
      .init("target_ids", .integers(targets)), .init("target_weights", .floats(weights)),
    ]
  }
}
