import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// Data and small helpers of the tree tests.
enum TreeFixtures {
  /// Random rows of `width` byte features of `levels` values each, whose class depends on two of them and on chance.
  static func examples(
    _ count: Int, width: Int = 6, classes: Int = 3, levels: Int = 12, noise: Float = 0.1, seed: UInt64
  ) -> Examples {
    var random = SeededRandom(seed: seed)
    let pixels = ByteBuffer((0..<(count * width)).map { _ in UInt8(random.below(levels)) })
    let labels = (0..<count).map { row in
      let told = Int(pixels.base[row * width]) + Int(pixels.base[row * width + width / 2])
      return Int32(random.uniform() < noise ? random.below(classes) : told * classes / (2 * levels))
    }
    return Examples(features: .bytes(pixels, scale: 0.5), labels: labels, width: width)
  }

  /// The same rows with float features.
  static func asFloats(_ examples: Examples) -> Examples {
    let matrix = FloatBuffer(count: examples.count * examples.width)
    examples.copyRows(from: 0, count: examples.count, into: matrix.base)
    return Examples(features: .floats(matrix), labels: examples.labels, width: examples.width)
  }

  static func plan(
    _ algorithm: Algorithm, _ train: Examples, test: Examples? = nil, classes: Int = 3,
    _ hyperparameters: [String: String] = [:]
  ) throws -> TrainingPlan {
    let request = TrainingRequest(
      algorithm: algorithm.rawValue, hyperparameters: hyperparameters, dataset: DatasetRequest(uri: "unused"))
    let columns = (0..<train.width).map { FeatureColumn(name: "x\($0)", kind: .number) }
    let none = Examples(features: .floats(FloatBuffer(count: 0)), labels: [], width: train.width)
    return TrainingPlan(
      request: request, algorithm: algorithm, hyperparameters: try Hyperparameters(hyperparameters, for: algorithm),
      dataset: Dataset(
        train: train, test: test ?? none,
        preprocessing: Preprocessing(
          input: .table(columns), targetColumn: "y", classes: (0..<classes).map { "c\($0)" })))
  }

  /// A session; a single tree grows in many small pieces.
  static func session(_ plan: TrainingPlan, pool: ThreadPool = .shared) -> any TrainingSession {
    plan.algorithm == .randomForest
      ? ForestSession(plan, pool: pool)
      : DecisionTreeSession(plan, piece: TreeFrontier.Piece(branchRows: 200, branches: 2), pool: pool)
  }

  static func run(_ session: any TrainingSession) throws -> TrainedModel {
    while !session.isFinished { try session.step() }
    return try session.finish()
  }

  /// The trees of a model, read from its tensors.
  static func trees(_ model: TrainedModel) throws -> [DecisionTree] {
    let file = TensorFile(metadata: [:], tensors: model.tensors)
    return try ForestTables(file, classes: model.description.preprocessing.classes.count).forest
  }

  /// How many of `examples` end in each node of `tree`, walked one by one.
  static func visits(_ tree: DecisionTree, _ examples: Examples) -> [Int] {
    var visits = [Int](repeating: 0, count: tree.nodes.count)
    let row = FloatBuffer(count: examples.width)
    for index in 0..<examples.count {
      examples.copyRows(from: index, count: 1, into: row.base)
      for node in path(tree, row) { visits[node] += 1 }
    }
    return visits
  }

  /// The nodes a row passes, from the root to its leaf.
  static func path(_ tree: DecisionTree, _ row: FloatBuffer) -> [Int] {
    var path = [0]
    while let last = path.last, !tree.nodes[last].isLeaf {
      let node = tree.nodes[last]
      path.append(Int(row.base[Int(node.feature)] <= node.threshold ? node.left : node.right))
    }
    return path
  }
}
