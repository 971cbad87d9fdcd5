/// A tree that is still growing, as a checkpoint holds it: the tensors of the tree with its open nodes as leaves (see
/// `ForestModel`), the order of the rows, the open nodes, and what the leaves so far add up to.
///
/// Open nodes have a leaf in the checkpoint only, so that one check serves trees grown and growing: they come last in
/// the table of leaves and are taken out again.
struct FrontierTables {
  let tree: DecisionTree
  let open: [OpenNode]
  let tally: GrowthTally
  /// The bag's rows in their order.
  let rows: [Int32]

  /// Numbers of an open node: first row, rows, depth, place, and the two halves of its seed.
  private static let fields = 6

  static func tensors(_ frontier: TreeFrontier) -> [Tensor] {
    var open: [Int32] = []
    for node in frontier.open {
      open += [node.first, node.count, node.depth, node.place].map { Int32(truncatingIfNeeded: $0) }
      open += [Int32(truncatingIfNeeded: node.seed), Int32(truncatingIfNeeded: node.seed >> 32)]
    }
    let tally = frontier.tally
    let rows = (0..<frontier.bag.count).map { Int32(truncatingIfNeeded: frontier.bag.row($0)) }
    let closed = frontier.closed.tree
    return ForestModel.tensors(of: [closed], classes: closed.classes) + [
      Tensor(name: "rows", shape: [rows.count], integers: rows),
      Tensor(name: "open", shape: [frontier.open.count, fields], integers: open),
      Tensor(name: "gains", shape: [1, tally.gains.count], doubles: tally.gains),
      Tensor(
        name: "leaf_sums", shape: [1, 3], doubles: [Double(tally.weight), Double(tally.correct), tally.loss]),
    ]
  }

  /// - Throws: `badCheckpoint` where anything does not fit: what is kept is safe to grow on.
  init(_ file: TensorFile, context: GrowingContext) throws(LearningError) {
    let width = context.features.width
    do throws(ForestTables.Flaw) {
      let tables = try ForestTables(file, classes: context.classes)
      try tables.check(width: width)
      guard let tree = tables.single else {
        throw ForestTables.Flaw("it has another number of trees than one")
      }
      open = try Self.open(file, tree: tree, rows: context.labels.count)
      self.tree = try Self.withoutLeaves(tree, of: open)
      rows = try Self.rows(file, count: context.labels.count)
    } catch {
      throw .badCheckpoint(detail: error.detail)
    }
    let gains = try Checkpoint.doubleRows(file, "gains", width: width)
    let sums = try Checkpoint.doubleRows(file, "leaf_sums", width: 3)
    guard gains.count == 1, sums.count == 1, let weight = Int(exactly: sums[0][0]),
      let correct = Int(exactly: sums[0][1])
    else { throw .badCheckpoint(detail: "its sums are missing") }
    var tally = GrowthTally(width: width)
    tally.gains = gains[0]
    tally.weight = weight
    tally.correct = correct
    tally.loss = sums[0][2]
    self.tally = tally
  }

  private static func open(
    _ file: TensorFile, tree: DecisionTree, rows: Int
  ) throws(ForestTables.Flaw) -> [OpenNode] {
    guard let tensor = file["open"], let values = tensor.integers, tensor.shape.count == 2, tensor.shape[1] == fields
    else { throw ForestTables.Flaw("tensor open is missing or has the wrong size") }
    var nodes: [OpenNode] = []
    for index in 0..<tensor.shape[0] {
      let field = Array(values[(index * fields)..<((index + 1) * fields)])
      let node = OpenNode(
        first: Int(field[0]), count: Int(field[1]), depth: Int(field[2]),
        seed: UInt64(UInt32(bitPattern: field[4])) | UInt64(UInt32(bitPattern: field[5])) << 32, place: Int(field[3]))
      let leaf = tree.leafCount - tensor.shape[0] + index
      guard node.count > 0, node.first >= 0, node.first + node.count <= rows, node.depth >= 0,
        tree.nodes.indices.contains(node.place), tree.nodes[node.place] == TreeNode(leaf: leaf)
      else { throw ForestTables.Flaw("open node \(index) does not fit the tree") }
      nodes.append(node)
    }
    let runs = nodes.sorted { $0.first < $1.first }
    guard zip(runs, runs.dropFirst()).allSatisfy({ $0.first + $0.count <= $1.first }) else {
      throw ForestTables.Flaw("open nodes share rows")
    }
    return nodes
  }

  private static func withoutLeaves(
    _ tree: DecisionTree, of open: [OpenNode]
  ) throws(ForestTables.Flaw) -> DecisionTree {
    var tree = tree
    tree.leaves.removeLast(open.count * tree.classes)
    for node in open { tree.nodes[node.place] = TreeNode(leaf: 0) }
    let places = Set(open.map(\.place))
    for (place, node) in tree.nodes.enumerated() where node.isLeaf && !places.contains(place) {
      guard Int(node.left) < tree.leafCount else { throw ForestTables.Flaw("node \(place) has an open node's leaf") }
    }
    return tree
  }

  private static func rows(_ file: TensorFile, count: Int) throws(ForestTables.Flaw) -> [Int32] {
    guard let rows = file["rows"]?.integers, rows.count == count else {
      throw ForestTables.Flaw("tensor rows is missing or has the wrong size")
    }
    var seen = [Bool](repeating: false, count: count)
    for row in rows {
      guard row >= 0, row < count, !seen[Int(row)] else { throw ForestTables.Flaw("tensor rows is no order of rows") }
      seen[Int(row)] = true
    }
    return rows
  }
}
