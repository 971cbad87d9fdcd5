extension HyperparameterSpec {
  static let randomState = HyperparameterSpec(
    name: "random_state", kind: .integer(0...Int(Int32.max)), defaultValue: "42",
    summary: "Seed of initial weights, batch order and dropout.")

  static let dropout = HyperparameterSpec(
    name: "dropout", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.2",
    summary: "Share of units dropped after each hidden layer while training.")

  /// What every network has: names and defaults of Keras.
  static let gradient = [
    HyperparameterSpec(
      name: "optimizer", kind: .choice(["adam", "sgd"]), defaultValue: "adam", summary: "The update rule."),
    HyperparameterSpec(
      name: "learning_rate", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "0.001",
      summary: "Length of a step."),
    HyperparameterSpec(
      name: "momentum", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0",
      summary: "Share of the last step that sgd takes again."),
    HyperparameterSpec(
      name: "beta_1", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.9",
      summary: "Decay of adam's mean of gradients."),
    HyperparameterSpec(
      name: "beta_2", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.999",
      summary: "Decay of adam's mean of squared gradients."),
    HyperparameterSpec(
      name: "epsilon", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "1e-7",
      summary: "Keeps adam from dividing by zero."),
  ]
}

extension OptimiserRule {
  /// The rule that the hyperparameters of a gradient algorithm name.
  init(_ hyperparameters: Hyperparameters) {
    let rate = hyperparameters.number("learning_rate")
    if hyperparameters.choice("optimizer") == "sgd" {
      self = .sgd(rate: rate, momentum: hyperparameters.number("momentum"))
    } else {
      self = .adam(
        rate: rate, beta1: hyperparameters.number("beta_1"), beta2: hyperparameters.number("beta_2"),
        epsilon: hyperparameters.number("epsilon"))
    }
  }
}
