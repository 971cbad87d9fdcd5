import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#endif

/// Logistic regression by L-BFGS over all rows. A step, and an epoch, is one iteration.
final class LogisticSession: TrainingSession {
  private let plan: TrainingPlan
  private let objective: LogisticObjective
  private let shape: NetworkShape
  private let classifier: NetworkClassifier
  private let parameters: FloatBuffer
  private let maximumIterations: Int
  private let tolerance: Double

  private var solver: LBFGS?
  private var state: CheckpointHeader
  private var firstNorm = 0.0
  private var reached = 0.0

  /// The test set is looked at this often, and at the end.
  private static let testInterval = 10

  init(_ plan: TrainingPlan) {
    self.plan = plan
    shape = NetworkShape(linear: plan)
    objective = LogisticObjective(plan)
    parameters = FloatBuffer(count: shape.network.parameterCount)
    classifier = NetworkClassifier(network: shape.network, parameters: parameters)
    maximumIterations = plan.hyperparameters.integer("max_iter")
    tolerance = plan.hyperparameters.number("tol")
    state = CheckpointHeader(start: plan.fingerprint(parameters: parameters.count))
  }

  var history: [EpochRecord] { state.history }
  var isFinished: Bool { state.finished }

  var progress: TrainingProgress {
    let last = state.history.last
    let tested = state.history.last { $0.testLoss != nil }
    return TrainingProgress(
      epoch: state.epoch, epochs: maximumIterations, step: 0, stepsPerEpoch: 1, totalSteps: state.totalSteps,
      loss: last?.trainLoss, accuracy: last?.trainAccuracy, testLoss: tested?.testLoss,
      testAccuracy: tested?.testAccuracy, fraction: isFinished ? 1 : reached)
  }

  func step() throws(LearningError) {
    guard !isFinished else { return }
    var outcome = LBFGS.Outcome.improved
    objective.clearProbes()
    let seconds = try Stopwatch.measure { () throws(LearningError) in
      var current =
        solver
        ?? LBFGS(at: [Double](repeating: 0, count: parameters.count), tolerance: tolerance) {
          objective.evaluate($0, &$1)
        }
      if solver == nil { firstNorm = current.gradientNorm }
      // The session must not keep a second reference, or every iteration would copy the solver's history.
      solver = nil
      outcome = current.iterate { objective.evaluate($0, &$1) }
      solver = current
      if outcome == .diverged { throw .lossDiverged(epoch: state.epoch + 1, step: 1) }
    }
    advance(outcome, seconds: seconds)
  }

  private func advance(_ outcome: LBFGS.Outcome, seconds: Double) {
    guard let solver else { return }
    state.seconds += seconds
    state.epoch += 1
    state.totalSteps += 1
    state.finished = outcome != .improved || state.epoch >= maximumIterations
    publish(solver)
    let probe = objective.probes.last { $0.value == solver.value }
    let last = state.history.last
    var record = EpochRecord(
      epoch: state.epoch, trainLoss: probe?.loss ?? last?.trainLoss ?? solver.value,
      trainAccuracy: probe?.accuracy ?? last?.trainAccuracy ?? 0, seconds: seconds)
    if plan.dataset.test.count > 0, state.finished || state.epoch % Self.testInterval == 0 {
      let test = Evaluator(classifier).evaluate(plan.dataset.test)
      record.testLoss = test.loss
      record.testAccuracy = test.accuracy
    }
    state.history.append(record)
    reached = max(reached, estimate(solver))
  }

  /// Iterations out of the most allowed, or how far the gradient has shrunk towards the tolerance on a logarithmic
  /// scale, whichever is further: most runs converge long before `max_iter`.
  private func estimate(_ solver: LBFGS) -> Double {
    let counted = Double(state.epoch) / Double(maximumIterations)
    guard tolerance > 0, firstNorm > tolerance, solver.gradientNorm > 0 else { return min(counted, 0.99) }
    let shrunk = log(firstNorm / solver.gradientNorm) / log(firstNorm / tolerance)
    return min(max(counted, shrunk, 0), 0.99)
  }

  private func publish(_ solver: LBFGS) {
    for (index, value) in solver.point.enumerated() { parameters.base[index] = Float(value) }
  }

  func checkpoint() throws(LearningError) -> Data {
    guard let solver else { return try Checkpoint.encode(state, tensors: []) }
    state.value = solver.value
    state.optimiserSteps = solver.iterations
    let width = solver.point.count
    let pairs = solver.pairs
    return try Checkpoint.encode(
      state,
      tensors: [
        Tensor(name: "point", shape: [1, width], doubles: solver.point),
        Tensor(name: "gradient", shape: [1, width], doubles: solver.gradient),
        Tensor(name: "steps", shape: [pairs.steps.count, width], doubles: pairs.steps.flatMap { $0 }),
        Tensor(name: "changes", shape: [pairs.changes.count, width], doubles: pairs.changes.flatMap { $0 }),
        Tensor(name: "estimate", shape: [1, 2], doubles: [firstNorm, reached]),
      ])
  }

  func restore(_ data: Data) throws(LearningError) {
    let (header, file) = try Checkpoint.decode(data, for: state.fingerprint)
    guard (0...maximumIterations).contains(header.epoch), header.epoch == header.totalSteps else {
      throw .badCheckpoint(detail: "its position lies outside the run")
    }
    guard header.totalSteps > 0 else {
      solver = nil
      state = header
      firstNorm = 0
      reached = 0
      parameters.clear()
      return
    }
    let width = parameters.count
    let point = try Checkpoint.doubleRows(file, "point", width: width)
    let gradient = try Checkpoint.doubleRows(file, "gradient", width: width)
    let steps = try Checkpoint.doubleRows(file, "steps", width: width)
    let changes = try Checkpoint.doubleRows(file, "changes", width: width)
    let estimate = try Checkpoint.doubleRows(file, "estimate", width: 2)
    guard point.count == 1, gradient.count == 1, steps.count == changes.count, estimate.count == 1 else {
      throw .badCheckpoint(detail: "its tensors do not fit each other")
    }
    let restored = LBFGS(
      restoring: point[0], value: header.value, gradient: gradient[0], iterations: header.optimiserSteps,
      pairs: (steps, changes), tolerance: tolerance)
    solver = restored
    state = header
    firstNorm = estimate[0][0]
    reached = estimate[0][1]
    publish(restored)
  }

  func finish() throws(LearningError) -> TrainedModel {
    plan.model(
      .network(shape.layers), tensors: NetworkModel.tensors(of: shape.network, parameters: parameters),
      classifier: classifier, history: state.history, seconds: state.seconds)
  }
}
