import TrainingDefinition

extension OptimiserRule {
  /// The rule that the hyperparameters of a gradient algorithm name.
  init(_ hyperparameters: Hyperparameters) {
    let rate = hyperparameters.number("learning_rate")
    let momentum = hyperparameters.number("momentum")
    let epsilon = hyperparameters.number("epsilon")
    switch hyperparameters.choice("optimizer") {
    case "sgd":
      self = .sgd(rate: rate, momentum: momentum, nesterov: hyperparameters.choice("nesterov") == "true")
    case "rmsprop":
      self = .rmsprop(rate: rate, rho: hyperparameters.number("rho"), momentum: momentum, epsilon: epsilon)
    case let name:
      self = .adam(
        rate: rate, beta1: hyperparameters.number("beta_1"), beta2: hyperparameters.number("beta_2"),
        epsilon: epsilon, decay: name == "adamw" ? hyperparameters.number("weight_decay") : 0)
    }
  }
}
