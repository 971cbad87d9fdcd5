/// How the state of a support vector machine's training is written as tensors, and read from a file that may be damaged.
struct SupportVectorCheckpoint {
  let solutions: [PairSolution]
  /// Of the group under way; none between two groups.
  let open: [PairTask.State]
  /// Share of the work done, as it was shown.
  let reached: Double

  private static let solvedFigures = 9
  private static let openFigures = 6

  static func tensors(solutions: [PairSolution], open: [PairTask.State], reached: Double) -> [Tensor] {
    let figures = solutions.flatMap { solution -> [Double] in
      [
        solution.rho, solution.scaling == nil ? 0 : 1, solution.scaling?.a ?? 0, solution.scaling?.b ?? 0,
        Double(solution.taken), solution.gap, solution.objective, solution.hingeLoss, solution.accuracy,
      ]
    }
    var tensors = [
      vector("solved.counts", solutions.map { Double($0.places.count) }),
      vector("solved.places", solutions.flatMap { $0.places.map { Double($0) } }),
      vector("solved.coefficients", solutions.flatMap(\.coefficients)), vector("solved.figures", figures),
      vector("run", [Double(open.count), reached]),
    ]
    for (index, state) in open.enumerated() {
      tensors += [
        vector("open\(index).beta", state.fit.beta), vector("open\(index).slope", state.fit.slope),
        vector("open\(index).working", state.fit.working.map { Double($0) }),
        vector("open\(index).decisions", state.decisions),
        vector(
          "open\(index).figures",
          [
            Double(state.fits), Double(state.taken), Double(state.fit.taken), state.fit.gap, state.fit.lowest,
            Double(state.fit.stale),
          ]),
      ]
    }
    return tensors
  }

  /// - Throws: `badCheckpoint` where the tensors do not fit the problem.
  init(_ file: TensorFile, problem: SupportVectorProblem) throws(LearningError) {
    let run = try Self.doubles(file, "run", count: 2)
    let counts = try Self.wholes(file, "solved.counts", below: problem.rows.count + 1)
    guard counts.count <= problem.pairs.count, run[1] >= 0, run[1] <= 1 else { throw Self.misfit("run") }
    reached = run[1]
    let places = try Self.wholes(file, "solved.places", below: problem.rows.count)
    let coefficients = try Self.doubles(file, "solved.coefficients", count: places.count)
    let figures = try Self.doubles(file, "solved.figures", count: counts.count * Self.solvedFigures)
    guard counts.reduce(0, +) == places.count else { throw Self.misfit("solved.places") }
    var solutions: [PairSolution] = []
    var start = 0
    for (index, count) in counts.enumerated() {
      let end = start + count
      let rows = problem.task(index).count
      guard places[start..<end].allSatisfy({ $0 < rows }) else { throw Self.misfit("solved.places") }
      let own = Array(figures[(index * Self.solvedFigures)..<((index + 1) * Self.solvedFigures)])
      solutions.append(
        PairSolution(
          places: places[start..<end].map { Int32(truncatingIfNeeded: $0) },
          coefficients: Array(coefficients[start..<end]), rho: own[0],
          scaling: own[1] == 0 ? nil : PlattScaling(a: own[2], b: own[3]),
          taken: try Self.whole(own[4], below: .max, "solved.figures"), gap: own[5], objective: own[6],
          hingeLoss: own[7], accuracy: own[8]))
      start = end
    }
    self.solutions = solutions
    let openCount = try Self.whole(run[0], below: problem.pairs.count - solutions.count + 1, "run")
    guard openCount == 0 || openCount == problem.group(from: solutions.count).count else { throw Self.misfit("run") }
    var open: [PairTask.State] = []
    for index in 0..<openCount {
      open.append(try Self.state(file, "open\(index)", task: problem.task(solutions.count + index)))
    }
    self.open = open
  }

  private static func state(_ file: TensorFile, _ name: String, task: PairTask) throws(LearningError) -> PairTask.State
  {
    let figures = try doubles(file, "\(name).figures", count: openFigures)
    let working = try wholes(file, "\(name).working", below: task.count)
    guard Set(working).count == working.count, working.count <= DualSolver.workingRows(task.count) else {
      throw misfit("\(name).working")
    }
    var state = task.state
    state.fits = try whole(figures[0], below: task.fitCount + 1, "\(name).figures")
    state.taken = try whole(figures[1], below: .max, "\(name).figures")
    state.decisions = try doubles(file, "\(name).decisions", count: state.decisions.count)
    state.fit.beta = try doubles(file, "\(name).beta", count: task.count)
    state.fit.slope = try doubles(file, "\(name).slope", count: task.count)
    state.fit.working = working.map { Int32(truncatingIfNeeded: $0) }
    state.fit.taken = try whole(figures[2], below: .max, "\(name).figures")
    state.fit.gap = figures[3]
    state.fit.lowest = figures[4]
    state.fit.stale = try whole(figures[5], below: .max, "\(name).figures")
    return state
  }

  private static func vector(_ name: String, _ values: [Double]) -> Tensor {
    Tensor(name: name, shape: [values.count], doubles: values)
  }

  private static func misfit(_ name: String) -> LearningError {
    .badCheckpoint(detail: "tensor \(name) is missing or does not fit the data")
  }

  private static func doubles(_ file: TensorFile, _ name: String, count: Int) throws(LearningError) -> [Double] {
    guard let values = file[name]?.doubles, values.count == count else { throw misfit(name) }
    return values
  }

  private static func wholes(_ file: TensorFile, _ name: String, below bound: Int) throws(LearningError) -> [Int] {
    guard let values = file[name]?.doubles else { throw misfit(name) }
    var result: [Int] = []
    for value in values { result.append(try whole(value, below: bound, name)) }
    return result
  }

  private static func whole(_ value: Double, below bound: Int, _ name: String) throws(LearningError) -> Int {
    guard let number = Int(exactly: value), number >= 0, number < bound else { throw misfit(name) }
    return number
  }
}
