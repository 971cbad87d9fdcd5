import Basics
import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Mini-batch training of a network: gather, forward, score, backward, update. All memory of a step is allocated
/// beforehand.
///
/// The order of epoch e comes from the seed and e alone, a dropout mask from the seed, the step and the place, so the
/// position and the optimiser's state are all there is to save.
final class NetworkSession: TrainingSession {
  private let plan: TrainingPlan
  private let workspace: Workspace
  private let shape: NetworkShape
  private let classifier: NetworkClassifier
  private let memory: NetworkMemory
  private let gradients: FloatBuffer
  private let seed: UInt64
  private let batchSize: Int
  /// Epochs without a smaller test loss after which training ends; 0 for no early stopping.
  private let patience: Int

  private var order: [Int32] = []
  /// The epoch that `order` belongs to.
  private var orderEpoch = -1
  private var state: CheckpointHeader
  /// `state` as it was when `memory` was last kept.
  private var keptState: CheckpointHeader

  /// Most floats of a batch with its activations and their gradients: 4 GiB.
  private static let mostFloats = 1 << 30

  private var trainRows: Int { plan.dataset.train.count }
  private var stepsPerEpoch: Int { (trainRows + batchSize - 1) / batchSize }

  /// - Throws: `notSquare`, `invalidRequest`, `invalidHyperparameter`.
  init(_ plan: TrainingPlan) throws(LearningError) {
    self.plan = plan
    batchSize = min(plan.request.batchSize, plan.dataset.train.count)
    seed = UInt64(plan.hyperparameters.integer("random_state"))
    patience = plan.hyperparameters.integer("early_stopping_patience")
    guard patience == 0 || plan.dataset.test.count > 0 else {
      throw .invalidHyperparameter(
        name: "early_stopping_patience", value: "\(patience)",
        expected: "0 without test data, whose loss it watches; set a testFraction above 0")
    }
    shape = try NetworkShape(plan)
    let network = shape.network
    guard batchSize <= Self.mostFloats / network.rowFloats else {
      throw .invalidRequest(
        field: "batchSize", value: "\(plan.request.batchSize)",
        expected: "at most \(Self.mostFloats / network.rowFloats) for a network of \(network.rowFloats) numbers a row; "
          + "or make its layers smaller")
    }
    workspace = Workspace(network: network, maximumRows: batchSize, training: true)
    memory = NetworkMemory(
      rule: OptimiserRule(plan.hyperparameters), count: network.parameterCount, keepsBest: patience > 0)
    gradients = FloatBuffer(count: network.parameterCount)
    classifier = NetworkClassifier(network: network, parameters: memory.parameters)
    network.initialise(memory.parameters, seed: seed)
    state = CheckpointHeader(start: plan.fingerprint(parameters: network.parameterCount))
    keptState = state
    memory.keep()
  }

  var history: [EpochRecord] { state.history }
  var isFinished: Bool { state.finished || state.epoch >= plan.request.epochs }

  var progress: TrainingProgress {
    let seen = state.rows > 0 ? Double(state.rows) : nil
    let last = state.history.last
    let total = Double(plan.request.epochs * stepsPerEpoch)
    return TrainingProgress(
      epoch: state.epoch, epochs: plan.request.epochs, step: state.step, stepsPerEpoch: stepsPerEpoch,
      totalSteps: state.totalSteps, loss: seen.map { state.lossSum / $0 } ?? last?.trainLoss,
      accuracy: seen.map { Double(state.correct) / $0 } ?? last?.trainAccuracy, testLoss: last?.testLoss,
      testAccuracy: last?.testAccuracy, fraction: isFinished ? 1 : Double(state.totalSteps) / total)
  }

  func step() throws(LearningError) {
    guard !isFinished else { return }
    var diverged = false
    let seconds = try Stopwatch.measure { () throws(LearningError) in
      let (first, rows) = position()
      let score = computeGradients(first: first, rows: rows)
      diverged = !score.loss.isFinite
      guard !diverged else { return }
      update(rows: rows)
      advance(score, rows: rows)
    }
    guard !diverged else { throw rewound(epoch: state.epoch + 1, step: state.step + 1) }
    state.seconds += seconds
    state.epochSeconds += seconds
    if state.step == stepsPerEpoch { try endEpoch() }
  }

  /// The place of the next batch in the epoch's order, and its rows.
  private func position() -> (first: Int, rows: Int) {
    if orderEpoch != state.epoch {
      var random = SeededRandom(seed: seed, stream: 0x6F72_6465_7200 + UInt64(state.epoch))  // "order"
      order = random.permutation(trainRows)
      orderEpoch = state.epoch
    }
    let first = state.step * batchSize
    return (first, min(batchSize, trainRows - first))
  }

  private func computeGradients(first: Int, rows: Int) -> Kernels.BatchScore {
    var mixer = SplitMix64(seed: seed ^ (UInt64(state.totalSteps) &* 0x9FB2_1C65_1E98_DF25))
    let mode = PassMode.training(key: mixer.next(), firstRow: 0)
    return order.withUnsafeBufferPointer { order in
      workspace.pass(rows: rows, parameters: memory.parameters.base, mode: mode, scale: 1 / Float(rows)) { row, count in
        guard let start = order.baseAddress else { return }
        plan.dataset.train.gather(
          start + first + row, count: count, into: workspace.input.base + row * plan.dataset.train.width,
          labels: workspace.labels + row)
      }
    }
  }

  private func update(rows: Int) {
    memory.optimiser.beginStep()
    workspace.sumGradients(rows: rows, into: gradients.base) { range in
      memory.optimiser.update(memory.parameters.base, gradients: gradients.base, range: range)
    }
  }

  private func advance(_ score: Kernels.BatchScore, rows: Int) {
    state.lossSum += score.loss
    state.correct += score.correct
    state.rows += rows
    state.step += 1
    state.totalSteps += 1
  }

  /// Goes back to the last good state and says where things went wrong.
  private func rewound(epoch: Int, step: Int) -> LearningError {
    memory.rewind()
    state = keptState
    return .lossDiverged(epoch: epoch, step: step)
  }

  private func endEpoch() throws(LearningError) {
    let test = plan.dataset.test.count > 0 ? Evaluator(classifier).evaluate(plan.dataset.test) : nil
    guard test?.loss.isFinite ?? true, memory.isFinite else {
      throw rewound(epoch: state.epoch + 1, step: state.step)
    }
    state.epoch += 1
    state.history.append(
      EpochRecord(
        epoch: state.epoch, trainLoss: state.lossSum / Double(state.rows),
        trainAccuracy: Double(state.correct) / Double(state.rows), testLoss: test?.loss,
        testAccuracy: test?.accuracy, seconds: state.epochSeconds))
    state.step = 0
    state.lossSum = 0
    state.correct = 0
    state.rows = 0
    state.epochSeconds = 0
    if patience > 0, let loss = test?.loss { judge(loss) }
    memory.keep()
    keptState = state
  }

  /// Early stopping (Prechelt, 1998): keeps the best epoch's parameters and ends where none was better for a while.
  private func judge(_ testLoss: Double) {
    if testLoss < state.best?.testLoss ?? .infinity {
      state.best = CheckpointHeader.Best(epoch: state.epoch, testLoss: testLoss)
      memory.keepBest()
    } else if let best = state.best {
      state.finished = state.epoch - best.epoch >= patience
    }
  }

  func checkpoint() throws(LearningError) -> Data {
    state.optimiserSteps = memory.optimiser.steps
    return try Checkpoint.encode(state, tensors: memory.tensors(best: state.best != nil))
  }

  func restore(_ data: Data) throws(LearningError) {
    let (header, file) = try Checkpoint.decode(data, for: state.fingerprint)
    guard (0...plan.request.epochs).contains(header.epoch), (0..<stepsPerEpoch).contains(header.step),
      header.totalSteps == header.epoch * stepsPerEpoch + header.step, header.optimiserSteps >= 0,
      patience > 0 || header.best == nil
    else { throw .badCheckpoint(detail: "its position lies outside the run") }
    try memory.restore(file, steps: header.optimiserSteps, best: header.best != nil)
    state = header
    keptState = state
    memory.keep()
  }

  func finish() throws(LearningError) -> TrainedModel {
    let parameters = state.best == nil ? memory.parameters : memory.best ?? memory.parameters
    return plan.model(
      .network(shape.layers), tensors: NetworkModel.tensors(of: shape.network, parameters: parameters),
      classifier: NetworkClassifier(network: shape.network, parameters: parameters), history: state.history,
      seconds: state.seconds)
  }
}

extension CheckpointHeader {
  /// Before the first step.
  init(start fingerprint: Fingerprint) {
    self.init(
      fingerprint: fingerprint, epoch: 0, step: 0, totalSteps: 0, lossSum: 0, correct: 0, rows: 0, optimiserSteps: 0,
      value: 0, finished: false, seconds: 0, epochSeconds: 0, history: [])
  }
}
