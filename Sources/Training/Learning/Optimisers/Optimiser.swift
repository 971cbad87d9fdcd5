import CKernels

/// An update rule with its state over one block of parameters.
///
/// Not Sendable; but `update(_:gradients:range:)` may be called by several threads for ranges that do not overlap.
package final class Optimiser {
  package let rule: OptimiserRule
  /// Updates made so far.
  package var steps = 0
  /// One buffer for each of the rule's `stateNames`.
  package let state: [FloatBuffer]

  private let count: Int
  /// Of Adam, for the current step.
  private var correction = 1.0

  /// State zero, no updates made, for `count` parameters.
  package init(_ rule: OptimiserRule, count: Int) {
    self.rule = rule
    self.count = count
    state = rule.stateNames.map { _ in FloatBuffer(count: count) }
  }

  /// Moves all `parameters` [count] against `gradients` [count].
  package func update(_ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
    beginStep()
    update(parameters, gradients: gradients, range: 0..<count)
  }

  /// Opens the next step, in which `update(_:gradients:range:)` has to be called for every parameter once.
  package func beginStep() {
    steps += 1
    if case .adam(_, let beta1, let beta2, _, _) = rule {
      correction = (1 - Self.power(beta2, steps)).squareRoot() / (1 - Self.power(beta1, steps))
    }
  }

  /// Moves the parameters in `range`. Both pointers are to the first parameter of all.
  package func update(
    _ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, range: Range<Int>
  ) {
    let first = range.lowerBound
    let (w, g) = (parameters + first, gradients + first)
    switch rule {
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay):
      var rule = ck_adam_rule(
        rate: Float(rate * correction), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
        decay: Float(rate * decay))
      ck_adam(w, g, state[0].base + first, state[1].base + first, range.count, &rule)
    case .sgd(let rate, let momentum, let nesterov):
      guard let velocity = state.first else {
        ck_descend(w, g, range.count, Float(rate))
        return
      }
      ck_momentum(w, g, velocity.base + first, range.count, Float(rate), Float(momentum), nesterov ? 1 : 0)
    case .rmsprop(let rate, let rho, let momentum, let epsilon):
      var rule = ck_rmsprop_rule(
        rate: Float(rate), rho: Float(rho), momentum: Float(momentum), epsilon: Float(epsilon))
      let velocity = state.count > 1 ? state[1].base + first : nil
      ck_rmsprop(w, g, state[0].base + first, velocity, range.count, &rule)
    }
  }

  /// base^exponent by squaring: the C library's pow may differ between machines.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}
