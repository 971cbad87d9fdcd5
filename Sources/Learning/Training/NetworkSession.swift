#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Mini-batch training of a network: gather, forward, score, backward, update. Nothing is allocated in a step.
///
/// The order of epoch e comes from the seed and e alone, a dropout mask from the seed, the step and the place, so the
/// position and the optimiser's state are all there is to save.
final class NetworkSession: TrainingSession {
  private let plan: TrainingPlan
  private let workspace: Workspace
  private let shape: NetworkShape
  private let classifier: NetworkClassifier
  private let parameters: FloatBuffer
  private let gradients: FloatBuffer
  private let optimiser: Optimiser
  private let seed: UInt64

  private var order: [Int32] = []
  /// The epoch that `order` belongs to.
  private var orderEpoch = -1
  private var state: CheckpointHeader

  private var trainRows: Int { plan.dataset.train.count }
  private var stepsPerEpoch: Int { (trainRows + batchSize - 1) / batchSize }
  private let batchSize: Int

  init(_ plan: TrainingPlan, blas: Blas) {
    self.plan = plan
    batchSize = min(plan.request.batchSize, plan.dataset.train.count)
    seed = UInt64(plan.hyperparameters.integer("random_state"))
    shape = NetworkShape(plan)
    let network = shape.network
    workspace = Workspace(network: network, maximumRows: batchSize, training: true, blas: blas)
    parameters = FloatBuffer(count: network.parameterCount)
    gradients = FloatBuffer(count: network.parameterCount)
    classifier = NetworkClassifier(network: network, parameters: parameters, blas: blas)
    optimiser = Optimiser(OptimiserRule(plan.hyperparameters), count: network.parameterCount)
    network.initialise(parameters, seed: seed)
    state = CheckpointHeader(start: plan.fingerprint(parameters: network.parameterCount))
  }

  var history: [EpochRecord] { state.history }
  var isFinished: Bool { state.epoch >= plan.request.epochs }

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
    let seconds = try Stopwatch.measure { () throws(LearningError) in
      let rows = gather()
      let score = try computeGradients(rows: rows)
      optimiser.update(parameters.base, gradients: gradients.base)
      advance(score, rows: rows)
    }
    state.seconds += seconds
    state.epochSeconds += seconds
    if state.step == stepsPerEpoch { endEpoch() }
  }

  /// Copies the batch at the current position; returns its rows.
  private func gather() -> Int {
    if orderEpoch != state.epoch {
      var random = SeededRandom(seed: seed, stream: 0x6F72_6465_7200 + UInt64(state.epoch))  // "order"
      order = random.permutation(trainRows)
      orderEpoch = state.epoch
    }
    let first = state.step * batchSize
    let rows = min(batchSize, trainRows - first)
    order.withUnsafeBufferPointer { order in
      guard let start = order.baseAddress else { return }
      plan.dataset.train.gather(start + first, count: rows, into: workspace.input.base, labels: workspace.labels)
    }
    return rows
  }

  private func computeGradients(rows: Int) throws(LearningError) -> Kernels.BatchScore {
    var mixer = SplitMix64(state: seed ^ (UInt64(state.totalSteps) &* 0x9FB2_1C65_1E98_DF25))
    workspace.forward(
      rows: rows, parameters: parameters.base, mode: .training(key: mixer.next(), firstRow: 0))
    let score = workspace.score(rows: rows)
    guard score.loss.isFinite else { throw .lossDiverged(epoch: state.epoch + 1, step: state.step + 1) }
    workspace.backward(
      rows: rows, parameters: parameters.base, into: gradients.base, scale: 1 / Float(rows))
    return score
  }

  private func advance(_ score: Kernels.BatchScore, rows: Int) {
    state.lossSum += score.loss
    state.correct += score.correct
    state.rows += rows
    state.step += 1
    state.totalSteps += 1
  }

  private func endEpoch() {
    let test = plan.dataset.test.count > 0 ? Evaluator(classifier).evaluate(plan.dataset.test) : nil
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
  }

  func checkpoint() throws(LearningError) -> Data {
    state.optimiserSteps = optimiser.steps
    var tensors = [Tensor(name: "parameters", shape: [parameters.count], floats: parameters.array)]
    for (name, buffer) in zip(optimiser.rule.stateNames, optimiser.state) {
      tensors.append(Tensor(name: "optimiser.\(name)", shape: [buffer.count], floats: buffer.array))
    }
    return try Checkpoint.encode(state, tensors: tensors)
  }

  func restore(_ data: Data) throws(LearningError) {
    let (header, file) = try Checkpoint.decode(data, for: state.fingerprint)
    guard (0...plan.request.epochs).contains(header.epoch), (0..<stepsPerEpoch).contains(header.step),
      header.totalSteps == header.epoch * stepsPerEpoch + header.step, header.optimiserSteps >= 0
    else { throw .badCheckpoint(detail: "its position lies outside the run") }
    // Everything is read before anything is changed.
    let saved = try Checkpoint.floats(file, "parameters", count: parameters.count)
    var states: [[Float]] = []
    for name in optimiser.rule.stateNames {
      states.append(try Checkpoint.floats(file, "optimiser.\(name)", count: parameters.count))
    }
    parameters.assign(saved)
    for (buffer, values) in zip(optimiser.state, states) { buffer.assign(values) }
    optimiser.steps = header.optimiserSteps
    state = header
  }

  func finish() throws(LearningError) -> TrainedModel {
    plan.model(
      .network(shape.layers), tensors: NetworkModel.tensors(of: shape.network, parameters: parameters),
      classifier: classifier, history: state.history, seconds: state.seconds)
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
