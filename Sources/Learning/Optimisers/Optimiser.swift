/// A first-order update rule.
package enum OptimiserRule: Sendable, Equatable, Codable {
  /// Kingma and Ba, 2015, with Keras's ε-hat.
  case adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double)
  /// Gradient descent with momentum as Keras has it.
  case sgd(rate: Double, momentum: Double)

  /// Floats of state a parameter.
  var stateNames: [String] {
    switch self {
    case .adam: ["m", "v"]
    case .sgd(_, let momentum): momentum > 0 ? ["velocity"] : []
    }
  }
}

/// An update rule with its state over one block of parameters.
package final class Optimiser {
  package let rule: OptimiserRule
  /// Updates made so far.
  package var steps = 0
  /// One buffer for each of the rule's `stateNames`.
  package let state: [FloatBuffer]

  private let count: Int
  private let zeros: FloatBuffer?

  /// State zero, no updates made, for `count` parameters.
  package init(_ rule: OptimiserRule, count: Int) {
    self.rule = rule
    self.count = count
    state = rule.stateNames.map { _ in FloatBuffer(count: count) }
    zeros = state.isEmpty ? FloatBuffer(count: count) : nil
  }

  /// Moves `parameters` [count] against `gradients` [count].
  package func update(_ parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>) {
    steps += 1
    switch rule {
    case .adam(let rate, let beta1, let beta2, let epsilon):
      let correction = (1 - Self.power(beta2, steps)).squareRoot() / (1 - Self.power(beta1, steps))
      Kernels.adam(
        parameters, gradients: gradients, m: state[0].base, v: state[1].base, count: count,
        rate: Float(rate * correction), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon))
    case .sgd(let rate, let momentum):
      // Without momentum the velocity is written and never read with a weight.
      guard let velocity = state.first ?? zeros else { return }
      Kernels.momentum(
        parameters, gradients: gradients, velocity: velocity.base, count: count, rate: Float(rate),
        momentum: Float(momentum))
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
