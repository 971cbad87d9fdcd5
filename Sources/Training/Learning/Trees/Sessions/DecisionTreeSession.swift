import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One decision tree, some nodes a step. The tree is one epoch.
///
/// Loss and accuracy of the progress are those of the tree so far on all training rows; they cost nothing, because the
/// nodes know what they hold.
final class DecisionTreeSession: TrainingSession {
  private let plan: TrainingPlan
  private let pool: ThreadPool
  private let context: GrowingContext
  private let frontier: TreeFrontier
  private var state: CheckpointHeader
  private var training: (loss: Double, accuracy: Double)?

  init(_ plan: TrainingPlan, piece: TreeFrontier.Piece = TreeFrontier.Piece(), pool: ThreadPool = .shared) {
    self.plan = plan
    self.pool = pool
    let start = ContinuousClock.now
    let train = plan.dataset.train
    context = GrowingContext(
      train, classes: plan.dataset.classCount,
      settings: TreeSettings(plan.hyperparameters, rows: train.count, width: train.width), pool: pool)
    frontier = TreeFrontier(
      context, seed: UInt64(plan.hyperparameters.integer("random_state")), piece: piece, pool: pool)
    state = CheckpointHeader(start: plan.fingerprint(parameters: 0))
    state.seconds = (ContinuousClock.now - start) / .seconds(1)
  }

  var history: [EpochRecord] { state.history }
  var isFinished: Bool { frontier.open.isEmpty }

  var progress: TrainingProgress {
    let last = state.history.last
    let rows = Double(plan.dataset.train.count)
    return TrainingProgress(
      epoch: state.epoch, epochs: 1, step: isFinished ? 0 : state.totalSteps, stepsPerEpoch: max(1, state.totalSteps),
      totalSteps: state.totalSteps, loss: training?.loss, accuracy: training?.accuracy, testLoss: last?.testLoss,
      testAccuracy: last?.testAccuracy, fraction: Double(frontier.tally.weight) / rows)
  }

  func step() throws(LearningError) {
    guard !isFinished else { return }
    let seconds = try Stopwatch.measure { frontier.advance() }
    state.seconds += seconds
    state.epochSeconds += seconds
    state.totalSteps += 1
    judge()
    guard isFinished, let training else { return }
    state.epoch = 1
    let test = plan.dataset.test.count > 0 ? Evaluator(classifier(frontier.tree)).evaluate(plan.dataset.test) : nil
    state.history.append(
      EpochRecord(
        epoch: 1, trainLoss: training.loss, trainAccuracy: training.accuracy, testLoss: test?.loss,
        testAccuracy: test?.accuracy, seconds: state.epochSeconds))
  }

  private func judge() {
    let tally = frontier.closed.tally
    let rows = Double(plan.dataset.train.count)
    training = (tally.loss / rows, Double(tally.correct) / rows)
  }

  private func classifier(_ tree: DecisionTree) -> ForestClassifier {
    ForestClassifier(
      [tree], inputWidth: plan.dataset.train.width, classes: plan.dataset.classCount, pool: pool)
  }

  func checkpoint() throws(LearningError) -> Data {
    try Checkpoint.encode(state, tensors: FrontierTables.tensors(frontier))
  }

  func restore(_ data: Data) throws(LearningError) {
    let (header, file) = try Checkpoint.decode(data, for: state.fingerprint)
    let tables = try FrontierTables(file, context: context)
    guard header.totalSteps >= 0, (header.epoch == 1) == tables.open.isEmpty, header.history.count == header.epoch
    else { throw .badCheckpoint(detail: "its position lies outside the run") }
    frontier.restore(tree: tables.tree, open: tables.open, tally: tables.tally, rows: tables.rows)
    state = header
    training = nil
    if state.totalSteps > 0 { judge() }
  }

  func finish() throws(LearningError) -> TrainedModel {
    let (tree, tally) = frontier.closed
    var model = plan.model(
      .forest(ForestShape([tree])), tensors: ForestModel.tensors(of: [tree], classes: plan.dataset.classCount),
      classifier: classifier(tree), history: state.history, seconds: state.seconds)
    model.description.trees = TreeSummary(
      [tree], importances: tally.gains, preprocessing: plan.dataset.preprocessing)
    return model
  }
}
