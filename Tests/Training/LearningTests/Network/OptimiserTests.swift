import Testing

@testable import Learning

@Suite struct OptimiserTests {
  @Test func adamFollowsThePaper() {
    let optimiser = Optimiser(.adam(rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8), count: 1)
    let parameters = FloatBuffer([1])
    var (w, m, v) = (1.0, 0.0, 0.0)
    for (index, g) in [0.5, -0.25, 1.0].enumerated() {
      let gradient = FloatBuffer([Float(g)])
      withExtendedLifetime(gradient) { optimiser.update(parameters.base, gradients: gradient.base) }
      // Algorithm 1 as printed, with ε inside its reach of 1e-8 of either form.
      let t = Double(index + 1)
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      var (b1, b2) = (1.0, 1.0)
      for _ in 0..<Int(t) { (b1, b2) = (b1 * 0.9, b2 * 0.999) }
      w -= 0.1 * (m / (1 - b1)) / ((v / (1 - b2)).squareRoot() + 1e-8)
      #expect(abs(Double(parameters.base[0]) - w) < 1e-5)
    }
  }

  @Test func momentumAccumulates() {
    let optimiser = Optimiser(.sgd(rate: 0.1, momentum: 0.5), count: 1)
    let parameters = FloatBuffer([1])
    let gradient = FloatBuffer([1])
    optimiser.update(parameters.base, gradients: gradient.base)
    #expect(abs(parameters.base[0] - 0.9) < 1e-6)
    optimiser.update(parameters.base, gradients: gradient.base)
    #expect(abs(parameters.base[0] - 0.75) < 1e-6)
  }

  @Test func plainDescentHasNoStateToSave() {
    let optimiser = Optimiser(.sgd(rate: 0.5, momentum: 0), count: 1)
    let parameters = FloatBuffer([2])
    let gradient = FloatBuffer([1])
    withExtendedLifetime(gradient) {
      for _ in 0..<2 { optimiser.update(parameters.base, gradients: gradient.base) }
    }
    #expect(parameters.base[0] == 1)
    #expect(optimiser.state.isEmpty)
  }
}

@Suite struct LBFGSTests {
  @Test func rosenbrocksValleyIsWalkedToItsEnd() {
    let rosenbrock: LBFGS.Objective = { x, g in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      g[0] = -2 * a - 400 * x[0] * b
      g[1] = 200 * b
      return a * a + 100 * b * b
    }
    var solver = LBFGS(at: [-1.2, 1], tolerance: 1e-8, objective: rosenbrock)
    var outcome = LBFGS.Outcome.improved
    var last = solver.value
    while outcome == .improved, solver.iterations < 100 {
      outcome = solver.iterate(rosenbrock)
      #expect(solver.value <= last)
      last = solver.value
    }
    #expect(outcome == .converged)
    #expect(solver.point.allSatisfy { abs($0 - 1) < 1e-6 })
    #expect(solver.iterations < 60)
  }

  @Test(arguments: 0..<20) func quadraticsAreSolved(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let size = 1 + random.below(12)
    let scales = (0..<size).map { _ in Double(random.uniform(0.01, 100)) }
    let centre = (0..<size).map { _ in Double(random.uniform(-5, 5)) }
    let bowl: LBFGS.Objective = { x, g in
      var value = 0.0
      for i in x.indices {
        g[i] = scales[i] * (x[i] - centre[i])
        value += g[i] * (x[i] - centre[i]) / 2
      }
      return value
    }
    var solver = LBFGS(at: [Double](repeating: 0, count: size), tolerance: 1e-7, objective: bowl)
    for _ in 0..<500 where solver.iterate(bowl) == .improved {}
    #expect(solver.gradientNorm <= 1e-7, "seed \(seed)")
  }

  @Test func nonsenseIsNoticed() {
    let broken: LBFGS.Objective = { _, g in
      g[0] = .nan
      return .nan
    }
    var solver = LBFGS(at: [0], tolerance: 1e-5, objective: broken)
    #expect(solver.iterate(broken) == .diverged)
  }
}
