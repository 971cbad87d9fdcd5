import CVectorMath

/// Limited-memory BFGS (Liu and Nocedal, 1989) with a line search for the strong Wolfe conditions (Nocedal and Wright,
/// Numerical Optimization, 2nd ed., algorithms 7.4, 7.5, 3.5 and 3.6). One call of `iterate` is one iteration.
package struct LBFGS: Sendable, Equatable {
  /// How an iteration ended.
  package enum Outcome: Equatable, Sendable {
    case improved
    /// The largest gradient component is within the tolerance.
    case converged
    /// No step along the search direction lowers the value any more: the limit of the arithmetic is reached.
    case stalled
    /// Value or gradient is not finite.
    case diverged
  }

  /// The point reached.
  package private(set) var point: [Double]
  /// The value there.
  package private(set) var value: Double
  /// The gradient there.
  package private(set) var gradient: [Double]
  /// Iterations made.
  package private(set) var iterations = 0

  private var steps: [[Double]] = []
  private var changes: [[Double]] = []
  private let memory: Int
  private let tolerance: Double

  /// Pairs kept unless the caller says otherwise. SciPy keeps 10; where a point is small beside the data that an
  /// evaluation reads, 30 cost nothing and get further in the same number of iterations.
  package static let usualMemory = 30

  /// Value and gradient at a point.
  package typealias Objective = (_ point: [Double], _ gradient: inout [Double]) -> Double

  /// Starts at `point`.
  /// - Parameters:
  ///   - memory: pairs kept.
  ///   - tolerance: on the largest component of the gradient.
  package init(at point: [Double], memory: Int = Self.usualMemory, tolerance: Double, objective: Objective) {
    self.point = point
    self.memory = memory
    self.tolerance = tolerance
    gradient = [Double](repeating: 0, count: point.count)
    value = objective(point, &gradient)
  }

  /// Goes on where another solver stood; the values are those it had.
  init(
    restoring point: [Double], value: Double, gradient: [Double], iterations: Int,
    pairs: (steps: [[Double]], changes: [[Double]]), memory: Int = Self.usualMemory, tolerance: Double
  ) {
    self.point = point
    self.value = value
    self.gradient = gradient
    self.iterations = iterations
    self.memory = memory
    self.tolerance = tolerance
    steps = pairs.steps
    changes = pairs.changes
  }

  /// The curvature pairs kept, oldest first.
  var pairs: (steps: [[Double]], changes: [[Double]]) { (steps, changes) }

  /// The largest component of the gradient.
  package var gradientNorm: Double { gradient.reduce(0) { max($0, abs($1)) } }

  /// One iteration.
  package mutating func iterate(_ objective: Objective) -> Outcome {
    guard value.isFinite, gradientNorm.isFinite else { return .diverged }
    guard gradientNorm > tolerance else { return .converged }
    var direction = searchDirection()
    var slope = Self.dot(direction, gradient)
    if slope >= 0 {
      // Rounding spoiled the curvature pairs: start again from steepest descent.
      steps.removeAll()
      changes.removeAll()
      direction = gradient.map { -$0 }
      slope = Self.dot(direction, gradient)
    }
    let first = steps.isEmpty ? min(1, 1 / Self.dot(gradient, gradient).squareRoot()) : 1
    guard
      let found = WolfeSearch(value: value, slope: slope, first: first).run({ length in
        probe(direction, length, objective)
      })
    else {
      if steps.isEmpty { return .stalled }
      steps.removeAll()
      changes.removeAll()
      return .improved
    }
    guard found.value.isFinite else { return .diverged }
    let step = zip(found.point, point).map { $0 - $1 }
    let change = zip(found.gradient, gradient).map { $0 - $1 }
    // Only pairs of positive curvature keep the approximation positive definite.
    if Self.dot(step, change) > 1e-10 * Self.dot(change, change) {
      steps.append(step)
      changes.append(change)
      if steps.count > memory {
        steps.removeFirst()
        changes.removeFirst()
      }
    }
    point = found.point
    value = found.value
    gradient = found.gradient
    iterations += 1
    return gradientNorm > tolerance ? .improved : .converged
  }

  private func probe(_ direction: [Double], _ length: Double, _ objective: Objective) -> WolfeSearch.Probe {
    let place = zip(point, direction).map { $0 + length * $1 }
    var slope = [Double](repeating: 0, count: place.count)
    let value = objective(place, &slope)
    return WolfeSearch.Probe(
      length: length, value: value, slope: Self.dot(slope, direction), point: place, gradient: slope)
  }

  /// −H·gradient by the two-loop recursion.
  private func searchDirection() -> [Double] {
    var q = gradient
    var alphas = [Double](repeating: 0, count: steps.count)
    for index in steps.indices.reversed() {
      let alpha = Self.dot(steps[index], q) / Self.dot(steps[index], changes[index])
      alphas[index] = alpha
      Self.add(&q, changes[index], -alpha)
    }
    if let step = steps.last, let change = changes.last {
      let scale = Self.dot(step, change) / Self.dot(change, change)
      Self.scale(&q, scale)
    }
    for index in steps.indices {
      let beta = Self.dot(changes[index], q) / Self.dot(steps[index], changes[index])
      Self.add(&q, steps[index], alphas[index] - beta)
    }
    Self.scale(&q, -1)
    return q
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double { cvectormath_dot(a, b, a.count) }

  private static func add(_ a: inout [Double], _ b: [Double], _ factor: Double) {
    cvectormath_add(&a, b, factor, a.count)
  }

  private static func scale(_ a: inout [Double], _ factor: Double) {
    for i in a.indices { a[i] *= factor }
  }
}
