import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct SolverPropertyTests {
  private static let kernels: [SupportVectorKernel] = [
    SupportVectorKernel(.rbf, gamma: 0.5), SupportVectorKernel(.rbf, gamma: 20), SupportVectorKernel(.linear),
    SupportVectorKernel(.poly, gamma: 0.7, coef0: 1, degree: 3), SupportVectorKernel(.sigmoid, gamma: 0.1),
  ]

  /// Random rows; labels that depend on them with some noise.
  private func examples(_ count: Int, width: Int, classes: Int, noise: Double, seed: UInt64) -> Examples {
    var random = SeededRandom(seed: seed)
    let values = (0..<(count * width)).map { _ in random.uniform(-1, 1) }
    let labels = (0..<count).map { row -> Int32 in
      let guess = (values[row * width] + 1) / 2 * Float(classes)
      let label = Double(random.uniform()) < noise ? random.below(classes) : Int(guess)
      return Int32(min(classes - 1, max(0, label)))
    }
    return Examples(values, labels: labels, width: width)
  }

  private func value(_ kernel: SupportVectorKernel, _ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    let dot = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    switch kernel.function {
    case .linear: return dot
    case .rbf: return exp(-kernel.gamma * zip(a, b).reduce(0) { $0 + square(Double($1.0) - Double($1.1)) })
    case .poly: return (0..<kernel.degree).reduce(1) { power, _ in power * (kernel.gamma * dot + kernel.coef0) }
    case .sigmoid:
      let e = exp(2 * (kernel.gamma * dot + kernel.coef0))
      return (e - 1) / (e + 1)
    }
  }

  private func square(_ x: Double) -> Double { x * x }

  /// Checks the optimality conditions of a solution with a kernel matrix computed in double.
  private func check(_ examples: Examples, _ options: SupportVectorOptions, _ solution: PairSolution, seed: UInt64) {
    guard case .floats(let buffer) = examples.features else { return }
    let values = buffer.array
    let width = examples.width
    let order: [Int] = [0, 1].flatMap { label -> [Int] in
      examples.labels.indices.filter { Int(examples.labels[$0]) == label }
    }
    let y = order.map { examples.labels[$0] == 0 ? 1.0 : -1.0 }
    func row(_ place: Int) -> ArraySlice<Float> { values[(order[place] * width)..<((order[place] + 1) * width)] }
    var beta = [Double](repeating: 0, count: order.count)
    for (place, coefficient) in zip(solution.places, solution.coefficients) { beta[Int(place)] = coefficient }
    #expect(abs(beta.reduce(0, +)) < 1e-9 * options.c * Double(order.count), "seed \(seed)")
    var low = Double.infinity
    var high = -Double.infinity
    for place in order.indices {
      let alpha = y[place] * beta[place]
      #expect(alpha >= 0 && alpha <= options.c, "seed \(seed)")
      let slope = zip(solution.places, solution.coefficients).reduce(-y[place]) {
        $0 + $1.1 * value(options.kernel, row(Int($1.0)), row(place))
      }
      if beta[place] < (y[place] > 0 ? options.c : 0) { low = min(low, slope) }
      if beta[place] > (y[place] > 0 ? 0 : -options.c) { high = max(high, slope) }
    }
    #expect(high - low < options.tolerance + 1e-4 * max(1, options.c), "seed \(seed)")
    #expect(solution.rho > low - 1e-2 * max(1, options.c) - 1 && solution.rho < high + 1e-2 * max(1, options.c) + 1)
  }

  @Test(arguments: 0..<20) func solutionsMeetTheOptimalityConditions(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let kernel = Self.kernels[Int(seed) % 5]
    let examples = examples(
      20 + random.below(60), width: 1 + random.below(6), classes: 2, noise: Double(random.below(5)) / 8, seed: seed)
    let c = [0.01, 0.5, 1, 20][random.below(4)]
    let problem = SupportVectorProblem(examples, classes: 2, blas: try Blas.load()) { _ in
      SupportVectorOptions(kernel: kernel, c: c)
    }
    check(examples, problem.options, problem.solve(0..<1)[0], seed: seed)
  }

  /// More support vectors than the working set has places, so that rows must leave it and come back.
  @Test func fullWorkingSetsChangeTheirRows() throws {
    let examples = examples(700, width: 2, classes: 2, noise: 1, seed: 7)
    let problem = SupportVectorProblem(examples, classes: 2, blas: try Blas.load()) { _ in
      SupportVectorOptions(kernel: SupportVectorKernel(.rbf, gamma: 1))
    }
    let solution = problem.solve(0..<1)[0]
    #expect(solution.places.count > DualSolver.workingRows(700))
    check(examples, problem.options, solution, seed: 7)
  }

  @Test func rowsOfOneKindAndEqualRowsEndToo() throws {
    let blas = try Blas.load()
    let labels: [Int32] = [0, 1, 0, 1, 1, 0]
    let equal = Examples([Float](repeating: 0.5, count: 12), labels: labels, width: 2)
    let black = Examples([Float](repeating: 0, count: 12), labels: labels, width: 2)
    for examples in [equal, black] {
      for kernel in Self.kernels {
        let problem = SupportVectorProblem(examples, classes: 2, blas: blas) { _ in
          SupportVectorOptions(kernel: kernel)
        }
        #expect(problem.solve(0..<1)[0].objective.isFinite)
      }
    }
  }

  /// With noise and a penalty far beyond what 24 bits resolve, a solver may not go round for ever.
  @Test func hugePenaltiesEnd() throws {
    let examples = examples(80, width: 2, classes: 2, noise: 0.6, seed: 13)
    for kernel in Self.kernels.prefix(4) {
      let problem = SupportVectorProblem(examples, classes: 2, blas: try Blas.load()) { _ in
        SupportVectorOptions(kernel: kernel, c: 1e6, tolerance: 1e-9, mostTaken: 200_000)
      }
      let solution = problem.solve(0..<1)[0]
      #expect(solution.objective.isFinite && solution.rho.isFinite)
      #expect(solution.taken <= 200_000)
    }
  }

  @Test func theMostStepsAreKept() throws {
    let examples = examples(120, width: 3, classes: 2, noise: 0.5, seed: 3)
    let problem = SupportVectorProblem(examples, classes: 2, blas: try Blas.load()) { _ in
      SupportVectorOptions(kernel: SupportVectorKernel(.rbf), mostTaken: 17)
    }
    let solution = problem.solve(0..<1)[0]
    #expect(solution.taken == 17)
    #expect(solution.gap > 1e-3)
  }

  @Test func resultsDoNotDependOnThreadsOrOnWhoSolvesWhat() throws {
    let examples = examples(400, width: 5, classes: 4, noise: 0.3, seed: 11)
    let blas = try Blas.load()
    var machines: [SupportVectorMachine] = []
    var decisions: [[Float]] = []
    for threads in [1, 2, 5] {
      let pool = ThreadPool(threads: threads)
      let problem = SupportVectorProblem(examples, classes: 4, blas: blas, pool: pool) { _ in
        SupportVectorOptions(kernel: SupportVectorKernel(.rbf, gamma: 2), probability: true)
      }
      // Two ranks, the second one first.
      let late = problem.solve(2..<6)
      let machine = SupportVectorMachine(problem, problem.solve(0..<2) + late, examples: examples)
      machines.append(machine)
      decisions.append(
        SupportVectorClassifier(machine, blas: blas, pool: pool).decisions(examples, from: 0, count: 400))
    }
    #expect(machines[1] == machines[0] && machines[2] == machines[0])
    #expect(decisions[1] == decisions[0] && decisions[2] == decisions[0])
  }
}
