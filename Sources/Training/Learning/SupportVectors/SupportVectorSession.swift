import TrainingDefinition

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Training of a support vector machine. An epoch is a pair of classes; its loss is the mean hinge loss of the pair's rows,
/// its accuracy their share on the right side. A step takes a group of pairs some rounds further, in parallel.
///
/// Which pairs are in a group depends on the data alone, so a run stopped on one machine goes on bit by bit on another
/// with more threads.
final class SupportVectorSession: TrainingSession {
  private let plan: TrainingPlan
  private let blas: Blas
  private let problem: SupportVectorProblem
  private var state: CheckpointHeader
  private var solutions: [PairSolution] = []
  /// The group under way.
  private var open: [PairTask] = []
  private var reached = 0.0

  private let rounds: Int

  /// - Parameter rounds: of a pair in one step.
  /// - Throws: `invalidRequest` for more classes than pairs can be made of, `kernelNotFinite`.
  init(_ plan: TrainingPlan, blas: Blas, rounds: Int = 64) throws(LearningError) {
    let classes = plan.dataset.classCount
    guard classes <= SupportVectorShape.mostClasses else {
      throw .invalidRequest(
        field: "algorithm", value: plan.algorithm.rawValue,
        expected:
          "another one: an SVM has one machine for each pair of at most \(SupportVectorShape.mostClasses) classes")
    }
    self.plan = plan
    self.rounds = rounds
    self.blas = blas
    problem = SupportVectorProblem(plan.dataset.train, classes: classes, blas: blas) { variance in
      SupportVectorOptions(plan.hyperparameters, width: plan.dataset.train.width, variance: variance)
    }
    state = CheckpointHeader(start: plan.fingerprint(parameters: 0))
    let kernel = problem.options.kernel
    guard kernel.isFinite(upTo: problem.rows.largestNorm) else {
      throw .kernelNotFinite(kernel: kernel.function.rawValue)
    }
  }

  var history: [EpochRecord] { state.history }
  var isFinished: Bool { solutions.count == problem.pairs.count }

  var progress: TrainingProgress {
    let done = Double(max(1, solutions.count))
    let known = !solutions.isEmpty
    let test = state.history.last
    return TrainingProgress(
      epoch: solutions.count, epochs: problem.pairs.count, step: 0, stepsPerEpoch: 1, totalSteps: state.totalSteps,
      loss: known ? solutions.reduce(0) { $0 + $1.hingeLoss } / done : nil,
      accuracy: known ? solutions.reduce(0) { $0 + $1.accuracy } / done : nil, testLoss: test?.testLoss,
      testAccuracy: test?.testAccuracy, fraction: isFinished ? 1 : reached)
  }

  func step() throws(LearningError) {
    guard !isFinished else { return }
    let seconds = try Stopwatch.measure { () throws(LearningError) in
      if open.isEmpty { open = problem.group(from: solutions.count) }
      problem.run(open, rounds: rounds)
      for task in open where task.solution?.objective.isFinite == false {
        throw .lossDiverged(epoch: task.index + 1, step: state.totalSteps + 1)
      }
    }
    state.seconds += seconds
    state.totalSteps += 1
    state.epochSeconds += seconds
    if open.allSatisfy({ $0.solution != nil }) { endGroup() }
    let share = (Double(solutions.count) + open.reduce(0) { $0 + $1.fraction }) / Double(problem.pairs.count)
    reached = max(reached, min(share, 0.99))
  }

  private func endGroup() {
    let seconds = state.epochSeconds / Double(open.count)
    for task in open {
      guard let solution = task.solution else { continue }
      solutions.append(solution)
      state.history.append(
        EpochRecord(
          epoch: solutions.count, trainLoss: solution.hingeLoss, trainAccuracy: solution.accuracy, seconds: seconds))
    }
    open = []
    state.epochSeconds = 0
    state.epoch = solutions.count
    guard isFinished, plan.dataset.test.count > 0 else { return }
    let test = Evaluator(SupportVectorClassifier(machine(), blas: blas)).evaluate(plan.dataset.test)
    state.history[state.history.count - 1].testLoss = test.loss
    state.history[state.history.count - 1].testAccuracy = test.accuracy
  }

  /// The machine of what is solved so far: pairs under way as they are, those not begun undecided.
  func machine() -> SupportVectorMachine {
    let known = solutions + open.map { $0.provisional() }
    let rest = (known.count..<problem.pairs.count).map { problem.task($0).provisional() }
    return SupportVectorMachine(problem, known + rest, examples: plan.dataset.train)
  }

  func checkpoint() throws(LearningError) -> Data {
    try Checkpoint.encode(
      state,
      tensors: SupportVectorCheckpoint.tensors(solutions: solutions, open: open.map(\.state), reached: reached))
  }

  func restore(_ data: Data) throws(LearningError) {
    let (header, file) = try Checkpoint.decode(data, for: state.fingerprint)
    let saved = try SupportVectorCheckpoint(file, problem: problem)
    guard header.epoch == saved.solutions.count, header.history.count == header.epoch, header.totalSteps >= 0 else {
      throw .badCheckpoint(detail: "its position lies outside the run")
    }
    state = header
    solutions = saved.solutions
    reached = saved.reached
    open = saved.open.isEmpty ? [] : problem.group(from: solutions.count)
    for (task, state) in zip(open, saved.open) { task.restore(state) }
  }

  func finish() throws(LearningError) -> TrainedModel {
    let machine = machine()
    return plan.model(
      .supportVectors(SupportVectorShape(machine)), tensors: SupportVectorModel.tensors(of: machine),
      classifier: SupportVectorClassifier(machine, blas: blas), history: state.history, seconds: state.seconds)
  }
}
