import CTrees

/// A cut that divides a node.
struct Split {
  var feature: Int
  /// The last bin that goes left, and the first that goes right.
  var bin: Int
  var next: Int
  /// By how much it decreases the node's impurity, times the node's weight.
  var gain: Double
}

/// A node as the search for its split sees it.
struct SearchedNode {
  /// Its packed rows.
  var rows: UnsafePointer<UInt64>
  var count: Int
  /// Weight by class [stride], zero beyond the classes, aligned to 32 bytes.
  var totals: UnsafePointer<UInt32>
  var weight: Int
  /// Decides which features are drawn.
  var seed: UInt64
  /// A bit for each feature that is known to be constant in the node; those found on the way are added.
  var constants: UnsafeMutablePointer<UInt64>
}

/// Finds the best split of one node after the other; owns the memory that takes.
///
/// Features are drawn as scikit-learn draws them: up to `candidates`, constant ones counted, and on until one that is
/// not constant was seen. Of equally good splits the one drawn first wins, so the order in which features are scored,
/// and the thread that scores them, does not matter.
final class SplitSearch {
  private let context: GrowingContext
  private let pool: ThreadPool
  private var draw: FeatureDraw
  private let draws: UnsafeMutablePointer<UInt32>
  private let features: UnsafeMutablePointer<UInt32>
  private let scores: UnsafeMutablePointer<ctrees_split>
  /// One for each part that is scored at once.
  private let scratch: [UnsafeMutableRawPointer]

  /// - Parameter parts: pieces that the features of one node are scored in at once, on the threads of `pool`.
  init(_ context: GrowingContext, parts: Int, pool: ThreadPool) {
    self.context = context
    self.pool = pool
    let width = context.features.width
    draws = .allocate(capacity: 2 * width)
    draw = FeatureDraw(width: width, memory: draws)
    features = .allocate(capacity: width)
    scores = .allocate(capacity: width)
    let size = ctrees_scratch_size(UInt32(context.stride))
    scratch = (0..<max(1, parts)).map { _ in
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      return memory
    }
  }

  deinit {
    draws.deallocate()
    features.deallocate()
    scores.deallocate()
    for memory in scratch { memory.deallocate() }
  }

  /// The best split of `node`, whose rows are places in `matrix`; nil where no feature has one that leaves enough rows on both sides.
  func best(_ node: SearchedNode, in matrix: ctrees_matrix) -> Split? {
    draw.begin(seed: node.seed)
    var matrix = matrix
    var kernelNode = kernelNode(node)
    var best = ctrees_split(score: -.infinity, bin: -1, next: -1)
    var feature = 0
    var varied = false
    var wanted = context.settings.candidates
    while !varied, draw.drawn < context.features.width {
      var count = 0
      while draw.drawn < wanted, let drawn = draw.next() {
        if node.constants[Int(drawn >> 6)] >> UInt64(drawn & 63) & 1 == 0 {
          features[count] = drawn
          count &+= 1
        }
      }
      wanted = draw.drawn &+ 1
      guard count > 0 else { continue }
      score(&matrix, &kernelNode, count)
      var index = 0
      while index < count {
        let found = scores[index]
        if found.next < 0 {
          node.constants[Int(features[index] >> 6)] |= 1 << UInt64(features[index] & 63)
        } else {
          varied = true
          if found.bin >= 0, found.score > best.score {
            best = found
            feature = Int(features[index])
          }
        }
        index &+= 1
      }
    }
    guard best.bin >= 0 else { return nil }
    let before = context.unsplitScore(node.totals, weight: node.weight)
    return Split(feature: feature, bin: Int(best.bin), next: Int(best.next), gain: max(0, best.score - before))
  }

  private func kernelNode(_ node: SearchedNode) -> ctrees_node {
    let logarithms = context.tabledLogarithms
    return ctrees_node(
      rows: node.rows, count: node.count, totals: node.totals, classes: UInt32(truncatingIfNeeded: context.classes),
      stride: UInt32(truncatingIfNeeded: context.stride), weight: UInt64(node.weight),
      minimum_leaf: UInt32(truncatingIfNeeded: context.settings.minimumLeaf), x_log_x: logarithms?.base,
      logarithms: logarithms?.count ?? 0)
  }

  /// Scores `features[0..<count]` into `scores`.
  private func score(_ matrix: inout ctrees_matrix, _ node: inout ctrees_node, _ count: Int) {
    guard scratch.count > 1, count > 1 else {
      ctrees_score(&matrix, &node, features, count, scratch[0], scores)
      return
    }
    withUnsafePointer(to: matrix) { matrix in
      withUnsafePointer(to: node) { node in
        let parts = min(scratch.count, count)
        pool.run(parts) { part in
          let first = count * part / parts
          let length = count * (part + 1) / parts - first
          ctrees_score(matrix, node, features + first, length, scratch[part], scores + first)
        }
      }
    }
  }
}
