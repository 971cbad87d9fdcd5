import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A random forest, some trees a step. An epoch is a tree.
///
/// Loss and accuracy of the progress are those of the rows that a tree did not learn from (out of bag), on up to 4,096
/// training rows, or on all with `oob_score`; without bootstrap those of training rows. Trees depend on their numbers
/// alone, so the trees so far are all there is to save.
final class ForestSession: TrainingSession {
  private let plan: TrainingPlan
  private let pool: ThreadPool
  private let grower: ForestGrower
  private let wanted: Int
  /// Training rows that show the progress.
  private let judged: [Int]

  private var trees: [DecisionTree] = []
  private var importances: [Double]
  private var trainVotes: Votes
  private var testVotes: Votes
  private var state: CheckpointHeader

  /// Trees of a step: enough to keep some threads busy, few enough to stop soon.
  private static let batch = 8
  private static let sample = 4096

  init(_ plan: TrainingPlan, pool: ThreadPool = .shared) {
    self.plan = plan
    self.pool = pool
    let stopwatch = ContinuousClock.now
    grower = ForestGrower(
      plan.dataset.train, classes: plan.dataset.classCount, hyperparameters: plan.hyperparameters, pool: pool)
    wanted = plan.hyperparameters.integer("n_estimators")
    let rows = plan.dataset.train.count
    let size = plan.hyperparameters.flag("oob_score") ? rows : min(rows, Self.sample)
    judged = (0..<size).map { $0 * rows / size }
    importances = [Double](repeating: 0, count: plan.dataset.train.width)
    trainVotes = Votes(labels: judged.map { plan.dataset.train.labels[$0] }, classes: plan.dataset.classCount)
    testVotes = Votes(labels: plan.dataset.test.labels, classes: plan.dataset.classCount)
    state = CheckpointHeader(start: plan.fingerprint(parameters: 0))
    state.seconds = (ContinuousClock.now - stopwatch) / .seconds(1)
  }

  var history: [EpochRecord] { state.history }
  var isFinished: Bool { trees.count >= wanted }

  var progress: TrainingProgress {
    let last = state.history.last
    return TrainingProgress(
      epoch: trees.count, epochs: wanted, step: 0, stepsPerEpoch: 1, totalSteps: trees.count, loss: last?.trainLoss,
      accuracy: last?.trainAccuracy, testLoss: last?.testLoss, testAccuracy: last?.testAccuracy,
      fraction: Double(trees.count) / Double(wanted))
  }

  func step() throws(LearningError) {
    guard !isFinished else { return }
    let range = trees.count..<min(trees.count + Self.batch, wanted)
    let seconds = try Stopwatch.measure {
      let grown = grower.grow(range)
      trees += grown.map(\.tree)
      for tree in grown {
        for (feature, share) in tree.importances.enumerated() { importances[feature] += share }
      }
    }
    state.seconds += seconds
    vote(range)
    let train = trainVotes.score
    let test = testVotes.score
    let last = state.history.last
    state.epoch = trees.count
    state.totalSteps = trees.count
    state.history.append(
      EpochRecord(
        epoch: trees.count, trainLoss: train?.loss ?? last?.trainLoss ?? 0,
        trainAccuracy: train?.accuracy ?? last?.trainAccuracy ?? 0, testLoss: test?.loss,
        testAccuracy: test?.accuracy, seconds: seconds))
  }

  /// Lets the trees `range` judge the rows that show the progress, and the test rows.
  private func vote(_ range: Range<Int>) {
    let leaves = grower.judge(trees[range], first: range.lowerBound, rows: judged)
    for (index, tree) in range.enumerated() { trainVotes.add(leaves[index], of: trees[tree]) }
    let test = plan.dataset.test
    guard test.count > 0 else { return }
    let walker = ForestWalker(Array(trees[range]), classes: plan.dataset.classCount)
    let block = ForestClassifier.block
    let votes = pool.map((test.count + block - 1) / block) { part in
      let first = part * block
      let size = min(block, test.count - first)
      var sums = [Float](repeating: 0, count: size * plan.dataset.classCount)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: size * test.width) { rows in
        guard let rows = rows.baseAddress else { return }
        test.copyRows(from: first, count: size, into: rows)
        sums.withUnsafeMutableBufferPointer { sums in
          if let sums = sums.baseAddress { walker.add(rows, count: size, width: test.width, into: sums) }
        }
      }
      return sums
    }
    for (part, sums) in votes.enumerated() {
      sums.withUnsafeBufferPointer { testVotes.add($0, from: part * block, trees: range.count) }
    }
  }

  func checkpoint() throws(LearningError) -> Data {
    try Checkpoint.encode(
      state,
      tensors: ForestModel.tensors(of: trees, classes: plan.dataset.classCount) + [
        Tensor(name: "importances", shape: [1, importances.count], doubles: importances)
      ])
  }

  func restore(_ data: Data) throws(LearningError) {
    let (header, file) = try Checkpoint.decode(data, for: state.fingerprint)
    let shares = try Checkpoint.doubleRows(file, "importances", width: importances.count)
    guard shares.count == 1, (0...wanted).contains(header.totalSteps), header.epoch == header.totalSteps else {
      throw .badCheckpoint(detail: "its position lies outside the run")
    }
    var restored: [DecisionTree] = []
    if header.totalSteps > 0 {
      do throws(ForestTables.Flaw) {
        let tables = try ForestTables(file, classes: plan.dataset.classCount)
        try tables.check(width: plan.dataset.train.width)
        restored = tables.forest
      } catch {
        throw .badCheckpoint(detail: error.detail)
      }
    }
    guard restored.count == header.totalSteps else {
      throw .badCheckpoint(detail: "it has \(restored.count) trees and should have \(header.totalSteps)")
    }
    trees = restored
    importances = shares[0]
    state = header
    trainVotes = Votes(labels: judged.map { plan.dataset.train.labels[$0] }, classes: plan.dataset.classCount)
    testVotes = Votes(labels: plan.dataset.test.labels, classes: plan.dataset.classCount)
    // The same steps as before, so that the sums are rounded the same way.
    for first in stride(from: 0, to: trees.count, by: Self.batch) { vote(first..<min(first + Self.batch, trees.count)) }
  }

  func finish() throws(LearningError) -> TrainedModel {
    let forest = trees.isEmpty ? [stump] : trees
    let classes = plan.dataset.classCount
    var model = plan.model(
      .forest(ForestShape(forest)), tensors: ForestModel.tensors(of: forest, classes: classes),
      classifier: ForestClassifier(forest, inputWidth: plan.dataset.train.width, classes: classes, pool: pool),
      history: state.history, seconds: state.seconds)
    let scored = plan.hyperparameters.flag("oob_score") && plan.hyperparameters.flag("bootstrap")
    model.description.trees = TreeSummary(
      forest, importances: importances, preprocessing: plan.dataset.preprocessing,
      oobScore: scored ? trainVotes.score?.accuracy : nil)
    return model
  }

  /// A tree that knows the classes' shares only: what there is before the first step.
  private var stump: DecisionTree {
    var counts = [UInt32](repeating: 0, count: plan.dataset.classCount)
    for label in plan.dataset.train.labels { counts[Int(label)] += 1 }
    var tree = DecisionTree(classes: counts.count)
    tree.nodes = [TreeNode(leaf: 0)]
    tree.setLeaf(0, weights: &counts, weight: plan.dataset.train.count)
    return tree
  }
}
