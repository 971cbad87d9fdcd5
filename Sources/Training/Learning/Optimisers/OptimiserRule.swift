/// A first-order update rule, with Keras's formulas and defaults.
package enum OptimiserRule: Sendable, Equatable, Codable {
  /// Adam (Kingma and Ba, 2015) with Keras's ε-hat. With `decay` it is AdamW (Loshchilov and Hutter, 2019): each step
  /// first shrinks the parameters by rate·decay.
  case adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double = 0)
  /// Gradient descent with momentum as Keras has it; `nesterov` looks ahead (Sutskever et al., 2013).
  case sgd(rate: Double, momentum: Double, nesterov: Bool = false)
  /// RMSprop (Hinton, 2012) with Keras's ε inside the root.
  case rmsprop(rate: Double, rho: Double, momentum: Double, epsilon: Double)

  /// The state it keeps, a float a parameter each.
  var stateNames: [String] {
    switch self {
    case .adam: ["m", "v"]
    case .sgd(_, let momentum, _): momentum > 0 ? ["velocity"] : []
    case .rmsprop(_, _, let momentum, _): momentum > 0 ? ["mean", "velocity"] : ["mean"]
    }
  }
}
