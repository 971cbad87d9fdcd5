/// The algorithms this version trains. Names, hyperparameters and defaults are those of scikit-learn and Keras.
package enum Algorithm: String, CaseIterable, Sendable {
  /// Multinomial logistic regression with an L2 penalty, by L-BFGS over all rows.
  case logisticRegression = "LogisticRegression"
  /// Dense128 relu, dropout, Dense128 relu, dropout, softmax.
  case mlp = "MLP"
  /// Dense128 relu, Dense64 relu, softmax.
  case dnn = "DNN"

  /// The algorithm of this name.
  /// - Throws: `unknownAlgorithm`, listing what can be trained.
  package static func named(_ name: String) throws(LearningError) -> Algorithm {
    guard let algorithm = Algorithm(rawValue: name) else {
      throw .unknownAlgorithm(name: name, trainable: allCases.map(\.rawValue))
    }
    return algorithm
  }

  /// The hyperparameters it has.
  package var hyperparameters: [HyperparameterSpec] {
    switch self {
    case .logisticRegression: Self.logistic + [Self.randomState]
    case .mlp: Self.gradient + [Self.dropout, Self.randomState]
    case .dnn: Self.gradient + [Self.randomState]
    }
  }

  /// Its layers, ending in one logit for each of `classes`.
  package func layers(_ hyperparameters: Hyperparameters, classes: Int) -> [LayerSpec] {
    switch self {
    case .logisticRegression:
      return [.dense(units: classes)]
    case .mlp:
      let rate = hyperparameters.number("dropout")
      return [
        .dense(units: 128), .relu, .dropout(rate: rate), .dense(units: 128), .relu, .dropout(rate: rate),
        .dense(units: classes),
      ]
    case .dnn:
      return [.dense(units: 128), .relu, .dense(units: 64), .relu, .dense(units: classes)]
    }
  }

  private static let randomState = HyperparameterSpec(
    name: "random_state", kind: .integer(0...Int(Int32.max)), defaultValue: "42",
    summary: "Seed of initial weights, batch order and dropout.")

  private static let dropout = HyperparameterSpec(
    name: "dropout", kind: .number(from: 0, zeroAllowed: true, below: 1), defaultValue: "0.2",
    summary: "Share of units dropped after each hidden layer while training.")

  private static let logistic = [
    HyperparameterSpec(
      name: "C", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "1.0",
      summary: "Inverse strength of the L2 penalty."),
    HyperparameterSpec(
      name: "max_iter", kind: .integer(1...1_000_000), defaultValue: "1000", summary: "Most iterations of L-BFGS."),
    HyperparameterSpec(
      name: "tol", kind: .number(from: 0, zeroAllowed: true, below: .infinity), defaultValue: "0.0001",
      summary: "Stop when no component of the gradient is larger."),
  ]

  private static let gradient = [
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
