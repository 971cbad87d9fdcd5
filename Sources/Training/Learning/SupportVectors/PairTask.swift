#if canImport(Glibc)
  import Glibc
#endif

/// The work for one pair of classes, divided so that it can stop between two rounds of its solver: with probabilities five
/// fits that each leave a fifth of the rows out, whose decision values a sigmoid is fitted to, then the fit on all rows.
///
/// Depends on its own pair only: any task can run anywhere, in any order.
final class PairTask {
  /// What is saved of an unfinished task.
  struct State: Equatable {
    /// Fits done; the fits of the folds come before the last.
    var fits = 0
    /// Pairs of variables moved in those fits.
    var taken = 0
    /// The decision values of the rows that a fit left out, as far as known.
    var decisions: [Double]
    /// The fit under way.
    var fit: DualSolver.State
  }

  let pair: ClassPair
  /// Where the pair lies in `ClassPair.all`.
  let index: Int
  private(set) var state: State
  /// There when the task is done.
  private(set) var solution: PairSolution?

  private let rows: ClassRows
  private let options: SupportVectorOptions
  private let blas: Blas
  private let pool: ThreadPool
  private let signs: [Double]
  /// The fold that leaves each row out.
  private let folds: [UInt8]

  private static let foldCount = 5
  /// Bytes of kernel rows that a pair keeps.
  private static let cacheBytes = 64 << 20

  init(_ rows: ClassRows, pair: ClassPair, index: Int, options: SupportVectorOptions, blas: Blas, pool: ThreadPool) {
    self.rows = rows
    self.pair = pair
    self.index = index
    self.options = options
    self.blas = blas
    self.pool = pool
    let first = rows.count(of: pair.first)
    let count = first + rows.count(of: pair.second)
    signs = (0..<count).map { $0 < first ? 1 : -1 }
    state = State(
      decisions: options.probability ? [Double](repeating: 0, count: count) : [], fit: DualSolver.State(signs: signs))
    folds = options.probability ? Self.folds(count: count, seed: options.seed, index: index) : []
    if first == 0 || first == count {
      solution = .constant(firstExists: first > 0, secondExists: first < count)
    }
  }

  /// Rows of the pair.
  var count: Int { signs.count }

  /// How near the work is to its end, 0…1: fits done, and how far the last violation is towards the tolerance.
  var fraction: Double {
    if solution != nil { return 1 }
    let fits = Double(state.fits) + Self.share(of: state.fit.gap, tolerance: options.tolerance)
    return min(0.99, fits / Double(fitCount))
  }

  /// Fits to make in all.
  var fitCount: Int { options.probability ? Self.foldCount + 1 : 1 }

  /// Goes on where a task of the same pair stopped.
  func restore(_ state: State) {
    self.state = state
    if solution == nil, state.fits == fitCount { solution = solved() }
  }

  /// Makes at most `rounds` rounds. Kernel rows are kept for the time of the call only, so that a restored task, which
  /// has none, goes on with the same numbers.
  func run(rounds: Int) {
    guard solution == nil else { return }
    let working = DualSolver.workingRows(count)
    let kept = min(count, max(working, Self.cacheBytes / (4 * max(1, count))))
    let kernelRows = KernelRows(rows, pair: pair, kernel: options.kernel, capacity: kept, blas: blas, pool: pool)
    let block = DualBlock(capacity: working, count: count)
    var left = rounds
    while solution == nil, left > 0 {
      let solver = DualSolver(
        kernelRows, bounds: bounds(), tolerance: options.tolerance, mostTaken: options.mostTaken, state: state.fit,
        block: block, pool: pool)
      var done = false
      while !done, left > 0 {
        done = solver.iterate()
        left -= 1
      }
      state.fit = solver.state
      if done { endFit() }
    }
  }

  /// The solution as it is now, for a model asked for before the end.
  func provisional() -> PairSolution {
    if let solution { return solution }
    return summary(scaling: options.probability ? PlattScaling(a: -1, b: 0) : nil)
  }

  /// The bounds of the fit under way: a row that its fold leaves out may not leave 0.
  private func bounds() -> DualBounds {
    let whole = !options.probability || state.fits >= Self.foldCount
    return DualBounds(
      signs: signs,
      limits: whole
        ? [Double](repeating: options.c, count: count) : folds.map { Int($0) == state.fits ? 0 : options.c })
  }

  private func endFit() {
    state.taken += state.fit.taken
    guard options.probability, state.fits < Self.foldCount else {
      state.fits += 1
      solution = solved()
      return
    }
    let rho = bounds().rho(state.fit)
    let trained = signs.indices.filter { Int(folds[$0]) != state.fits }
    let hasFirst = trained.contains { signs[$0] > 0 }
    let hasSecond = trained.contains { signs[$0] < 0 }
    for place in signs.indices where Int(folds[place]) == state.fits {
      // As in libsvm: with one class only, or none, there is no machine to ask.
      let decision = state.fit.slope[place] + signs[place] - rho
      state.decisions[place] = hasFirst && hasSecond ? decision : hasFirst ? 1 : hasSecond ? -1 : 0
    }
    state.fits += 1
    state.fit = DualSolver.State(signs: signs)
  }

  private func solved() -> PairSolution {
    summary(
      scaling: options.probability ? PlattScaling(decisions: state.decisions, positive: signs.map { $0 > 0 }) : nil)
  }

  private func summary(scaling: PlattScaling?) -> PairSolution {
    let fit = state.fit
    let rho = bounds().rho(fit)
    var objective = 0.0
    var hinge = 0.0
    var right = 0
    for place in signs.indices {
      objective += fit.beta[place] * (fit.slope[place] - signs[place]) / 2
      let margin = signs[place] * (fit.slope[place] + signs[place] - rho)
      hinge += max(0, 1 - margin)
      if margin > 0 { right += 1 }
    }
    let places = fit.beta.indices.filter { fit.beta[$0] != 0 }
    return PairSolution(
      places: places.map { Int32(truncatingIfNeeded: $0) }, coefficients: places.map { fit.beta[$0] }, rho: rho,
      scaling: scaling, taken: state.taken, gap: fit.gap, objective: objective,
      hingeLoss: hinge / Double(max(1, count)), accuracy: Double(right) / Double(max(1, count)))
  }

  /// A random fifth of the rows for each fold.
  private static func folds(count: Int, seed: UInt64, index: Int) -> [UInt8] {
    var random = SeededRandom(seed: seed, stream: 0x666F_6C64_7300 + UInt64(index))  // "folds"
    var folds = [UInt8](repeating: 0, count: count)
    for (position, place) in random.permutation(count).enumerated() {
      folds[Int(place)] = UInt8(position * foldCount / count)
    }
    return folds
  }

  /// How far a violation has come from 2, where it starts, towards the tolerance, on a logarithmic scale.
  private static func share(of gap: Double, tolerance: Double) -> Double {
    guard gap.isFinite, gap > 0, tolerance > 0, tolerance < 2 else { return 0 }
    return min(max(log(2 / gap) / log(2 / tolerance), 0), 1)
  }
}
