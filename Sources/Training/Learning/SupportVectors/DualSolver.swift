import CVectorMath

/// Solves the dual problem of one pair of classes: minimise ½·βᵀKβ − yᵀβ with Σβ = 0 and β between 0 and ±C, where
/// β = y·α.
///
/// The decomposition of Osuna and Joachims with a large, growing working set: the rows that violate the optimality
/// conditions most join it, all their kernel rows are computed in one matrix product, the problem restricted to the
/// working set is solved by SMO on a small dense matrix, and one pass brings every slope up to date. So kernel values are
/// computed for those rows only that ever violate anything, which is what shrinking is after. It ends where libsvm ends:
/// when no pair violates the conditions by `tolerance`; or where rounding lets it get no further, which takes a C that is
/// huge beside the kernel's precision of 24 bits.
final class DualSolver {
  /// What a solver needs to go on another time.
  struct State: Equatable {
    var beta: [Double]
    /// Kβ − y
    var slope: [Double]
    /// Oldest first.
    var working: [Int32] = []
    /// Pairs of variables moved.
    var taken = 0
    /// By how much the worst pair violates the conditions.
    var gap = Double.infinity
    /// The lowest value of the objective that was much below the one before.
    var lowest = Double.infinity
    /// Rounds since.
    var stale = 0

    /// β = 0.
    init(signs: [Double]) {
      beta = [Double](repeating: 0, count: signs.count)
      slope = signs.map { -$0 }
    }
  }

  private(set) var state: State

  private let rows: KernelRows
  private let pool: ThreadPool
  private let bounds: DualBounds
  private let tolerance: Double
  private let mostTaken: Int
  private let block: DualBlock
  /// Whether each row is in the working set.
  private var isWorking: [Bool]
  private var growing = SmallestValues()
  private var shrinking = SmallestValues()

  /// Rows that join the working set at once.
  private static let joining = 128
  private static let sliceRows = 2048
  /// Pairs of variables moved at most in one round, so that a round, and with it a step, has an end in sight.
  private static let mostInRound = 200_000
  /// Rounds that may pass without lowering the objective by the share `notable`.
  private static let mostStale = 32
  private static let notable = 1e-10

  /// Rows of the working set at most, for a pair of `count` rows.
  static func workingRows(_ count: Int) -> Int { min(count, 512) }

  /// - Parameters:
  ///   - bounds: of each row; a row that may not leave 0 is left out, and its slope still tells its decision value.
  ///   - mostTaken: pairs of variables to move at most.
  init(
    _ rows: KernelRows, bounds: DualBounds, tolerance: Double, mostTaken: Int, state: State, block: DualBlock,
    pool: ThreadPool
  ) {
    self.rows = rows
    self.pool = pool
    self.tolerance = tolerance
    self.mostTaken = mostTaken
    self.block = block
    self.bounds = bounds
    self.state = state
    isWorking = [Bool](repeating: false, count: bounds.count)
    for local in state.working { isWorking[Int(local)] = true }
    block.reset()
  }

  /// One round: choose, solve, bring up to date. Returns whether the problem is solved.
  func iterate() -> Bool {
    let range = bounds.range(state)
    state.gap = range.high - range.low
    guard state.gap >= tolerance, state.taken < mostTaken, isProgressing() else { return true }
    join(low: range.low, high: range.high)
    rows.prepare(state.working)
    block.load(state.working, rows: rows)
    let factors = solveBlock()
    update(factors)
    return false
  }

  /// Whether the objective still falls.
  private func isProgressing() -> Bool {
    var objective = 0.0
    for place in bounds.lower.indices {
      objective += (state.beta[place] * state.slope[place] - abs(state.beta[place])) / 2
    }
    if objective < state.lowest - Self.notable * abs(objective) || state.lowest == .infinity {
      state.lowest = objective
      state.stale = 0
    } else {
      state.stale += 1
    }
    return state.stale < Self.mostStale
  }

  /// Lets the worst violators join the working set, and the rows least needed leave it where it is full.
  private func join(low: Double, high: Double) {
    growing.removeAll()
    shrinking.removeAll()
    for place in bounds.lower.indices where !isWorking[place] {
      let slope = state.slope[place]
      if state.beta[place] < bounds.upper[place], slope < high { growing.add(slope, at: place) }
      if state.beta[place] > bounds.lower[place], slope > low { shrinking.add(-slope, at: place) }
    }
    let limit = Self.workingRows(bounds.count)
    let joining = min(Self.joining, limit)
    let first = growing.smallest(joining / 2)
    let second = shrinking.smallest(joining - first.count).filter { !first.contains($0) }
    let new = first + second
    let excess = state.working.count + new.count - limit
    if excess > 0 { leave(excess) }
    state.working += new
    for local in new { isWorking[Int(local)] = true }
  }

  /// Takes `count` rows out of the working set: those at a bound first, the oldest first.
  private func leave(_ count: Int) {
    var leaving = Set<Int32>()
    for free in [false, true] {
      for local in state.working where leaving.count < count {
        let place = Int(local)
        let isFree = state.beta[place] > bounds.lower[place] && state.beta[place] < bounds.upper[place]
        if isFree == free { leaving.insert(local) }
      }
    }
    state.working.removeAll { leaving.contains($0) }
    for local in leaving { isWorking[Int(local)] = false }
  }

  /// Solves the problem of the working set; returns by how much each of its variables changed.
  private func solveBlock() -> [Double] {
    let working = state.working
    for (index, local) in working.enumerated() {
      let place = Int(local)
      block.beta[index] = state.beta[place]
      block.slope[index] = state.slope[place]
      block.lower[index] = bounds.lower[place]
      block.upper[index] = bounds.upper[place]
    }
    // More exact than the outside is known yet would be wasted.
    let taken = block.solve(
      tolerance: max(0.5 * tolerance, 0.1 * state.gap), most: min(mostTaken - state.taken, Self.mostInRound))
    state.taken += taken
    return working.enumerated().map { index, local in
      let change = block.beta[index] - state.beta[Int(local)]
      state.beta[Int(local)] = block.beta[index]
      return change
    }
  }

  /// slope += K · change, in slices of rows so that each is summed in one order whatever the number of threads.
  private func update(_ changes: [Double]) {
    var sources: [UnsafePointer<Float>] = []
    var factors: [Double] = []
    for (local, change) in zip(state.working, changes) where change != 0 {
      sources.append(rows.row(Int(local)))
      factors.append(change)
    }
    let count = bounds.count
    state.slope.withUnsafeMutableBufferPointer { slope in
      guard let base = slope.baseAddress else { return }
      pool.run((count + Self.sliceRows - 1) / Self.sliceRows) { slice in
        let first = slice * Self.sliceRows
        let shifted: [UnsafePointer<Float>?] = sources.map { $0 + first }
        cvectormath_add_rows(base + first, shifted, factors, shifted.count, min(Self.sliceRows, count - first))
      }
    }
  }
}
