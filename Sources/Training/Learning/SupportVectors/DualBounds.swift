/// Between what each β may move, and what that says about slopes.
struct DualBounds {
  let lower: [Double]
  let upper: [Double]

  /// - Parameters:
  ///   - signs: +1 for rows of the first class, −1 for the second's.
  ///   - limits: C of each row.
  init(signs: [Double], limits: [Double]) {
    lower = zip(signs, limits).map { $0 < 0 ? -$1 : 0 }
    upper = zip(signs, limits).map { $0 > 0 ? $1 : 0 }
  }

  var count: Int { lower.count }

  /// The smallest slope of a variable that may grow, and the largest of one that may shrink: at the optimum the second
  /// is not above the first.
  func range(_ state: DualSolver.State) -> (low: Double, high: Double) {
    var low = Double.infinity
    var high = -Double.infinity
    for place in lower.indices {
      let slope = state.slope[place]
      if state.beta[place] < upper[place], slope < low { low = slope }
      if state.beta[place] > lower[place], slope > high { high = slope }
    }
    return (low, high)
  }

  /// The threshold: decision(x) = Σ β·K(·, x) − rho. The mean slope of the free variables, or the middle between the
  /// bounds that the others give (Chang and Lin, LIBSVM: a library for support vector machines, section 4.1.5).
  func rho(_ state: DualSolver.State) -> Double {
    var sum = 0.0
    var free = 0
    for place in lower.indices where state.beta[place] > lower[place] && state.beta[place] < upper[place] {
      sum += state.slope[place]
      free += 1
    }
    if free > 0 { return sum / Double(free) }
    let range = range(state)
    let middle = (range.low + range.high) / 2
    return middle.isFinite ? middle : 0
  }
}
