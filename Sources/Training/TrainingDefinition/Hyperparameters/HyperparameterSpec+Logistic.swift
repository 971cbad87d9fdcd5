extension HyperparameterSpec {
  /// LogisticRegression: names and defaults of scikit-learn.
  static let logistic = [
    HyperparameterSpec(
      name: "C", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "1.0",
      summary: "Inverse strength of the L2 penalty."),
    HyperparameterSpec(
      name: "max_iter", kind: .integer(1...1_000_000), defaultValue: "1000", summary: "Most iterations of L-BFGS."),
    HyperparameterSpec(
      name: "tol", kind: .number(from: 0, zeroAllowed: true, below: .infinity), defaultValue: "0.0001",
      summary: "Stop when no component of the gradient is larger."),
    .randomState,
  ]
}
