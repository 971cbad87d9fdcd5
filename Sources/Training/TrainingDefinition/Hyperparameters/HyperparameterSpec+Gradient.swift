extension HyperparameterSpec {
  static let randomState = HyperparameterSpec(
    name: "random_state", kind: .integer(0...Int(Int32.max)), defaultValue: "42",
    summary: "Seed of initial weights, batch order and dropout.")

  /// - Parameter rate: what it is when nobody says.
  static func dropout(_ rate: String) -> HyperparameterSpec {
    HyperparameterSpec(
      name: "dropout", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: rate,
      summary: "Share of units dropped after each hidden layer while training; layers of your own have their rates.")
  }

  /// What every network has: names and defaults of Keras.
  static let gradient = [
    HyperparameterSpec(
      name: "optimizer", kind: .choice(["adam", "sgd", "rmsprop", "adamw"]), defaultValue: "adam",
      summary: "The update rule."),
    HyperparameterSpec(
      name: "learning_rate", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "0.001",
      summary: "Length of a step."),
    HyperparameterSpec(
      name: "momentum", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0",
      summary: "Share of the last step that sgd and rmsprop take again."),
    HyperparameterSpec(
      name: "nesterov", kind: .choice(["false", "true"]), defaultValue: "false",
      summary: "Whether sgd with momentum looks a step ahead."),
    HyperparameterSpec(
      name: "rho", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.9",
      summary: "Decay of rmsprop's mean of squared gradients."),
    HyperparameterSpec(
      name: "weight_decay", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.004",
      summary: "Share of the weights, times learning_rate, that adamw takes away each step."),
    HyperparameterSpec(
      name: "beta_1", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.9",
      summary: "Decay of the mean of gradients of adam and adamw."),
    HyperparameterSpec(
      name: "beta_2", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.999",
      summary: "Decay of the mean of squared gradients of adam and adamw."),
    HyperparameterSpec(
      name: "epsilon", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "1e-7",
      summary: "Keeps adam, adamw and rmsprop from dividing by zero."),
    HyperparameterSpec(
      name: "early_stopping_patience", kind: .integer(0...1_000_000), defaultValue: "0",
      summary: "Stop after so many epochs without a smaller test loss and keep the best weights; 0 never stops."),
  ]
}
