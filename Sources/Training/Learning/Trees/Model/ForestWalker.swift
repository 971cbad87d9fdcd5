/// Walks rows down the trees of a forest.
///
/// A block of rows goes down a tree together, a level at a time: a single row would wait for memory at every node, and
/// the waits of many rows overlap.
final class ForestWalker {
  private let nodes: [TreeNode]
  private let leaves: [Float]
  /// First node of each tree.
  private let starts: [Int]
  private let classes: Int

  /// Rows that go down together.
  private static let flock = 64

  init(_ forest: [DecisionTree], classes: Int) {
    self.classes = classes
    var nodes: [TreeNode] = []
    var leaves: [Float] = []
    var starts: [Int] = []
    nodes.reserveCapacity(forest.reduce(0) { $0 + $1.nodes.count })
    leaves.reserveCapacity(forest.reduce(0) { $0 + $1.leaves.count })
    for tree in forest {
      starts.append(nodes.count)
      let firstLeaf = Int32(truncatingIfNeeded: leaves.count / classes)
      for var node in tree.nodes {
        if node.isLeaf { node.left &+= firstLeaf }
        nodes.append(node)
      }
      leaves += tree.leaves
    }
    self.nodes = nodes
    self.leaves = leaves
    self.starts = starts
  }

  /// Adds the leaf distributions of every tree to `sums` [count×classes] for the rows `values` [count×width].
  func add(_ values: UnsafePointer<Float>, count: Int, width: Int, into sums: UnsafeMutablePointer<Float>) {
    var first = 0
    while first < count {
      let size = min(Self.flock, count - first)
      flock(values + first &* width, size, width, sums + first &* classes)
      first += size
    }
  }

  private func flock(
    _ values: UnsafePointer<Float>, _ count: Int, _ width: Int, _ sums: UnsafeMutablePointer<Float>
  ) {
    nodes.withUnsafeBufferPointer { nodes in
      leaves.withUnsafeBufferPointer { leaves in
        withUnsafeTemporaryAllocation(of: Walk.self, capacity: Self.flock) { walks in
          guard let nodes = nodes.baseAddress, let leaves = leaves.baseAddress, let walks = walks.baseAddress
          else { return }
          for start in starts { descend(nodes + start, leaves, values, count, width, walks, sums) }
        }
      }
    }
  }

  /// A row on its way down.
  private struct Walk {
    var row: Int32
    var node: Int32
  }

  private func descend(
    _ tree: UnsafePointer<TreeNode>, _ leaves: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ count: Int,
    _ width: Int, _ walks: UnsafeMutablePointer<Walk>, _ sums: UnsafeMutablePointer<Float>
  ) {
    // A node is four numbers of 32 bits, its children the last two.
    let children = UnsafeRawPointer(tree).assumingMemoryBound(to: Int32.self)
    var row = 0
    while row < count {
      walks[row] = Walk(row: Int32(truncatingIfNeeded: row), node: 0)
      row &+= 1
    }
    var walking = count
    while walking > 0 {
      var kept = 0
      var index = 0
      while index < walking {
        let walk = walks[index]
        let node = tree[Int(walk.node)]
        if node.isLeaf {
          let leaf = leaves + Int(node.left) &* classes
          let sum = sums + Int(walk.row) &* classes
          var index = 0
          while index < classes {
            sum[index] += leaf[index]
            index &+= 1
          }
        } else {
          let value = values[Int(walk.row) &* width &+ Int(node.feature)]
          // The child is read by its place in the node: a branch here would be guessed wrong half of the time.
          let side = value <= node.threshold ? 0 : 1
          walks[kept] = Walk(row: walk.row, node: children[Int(walk.node) &* 4 &+ 2 &+ side])
          kept &+= 1
        }
        index &+= 1
      }
      walking = kept
    }
  }
}
