extension HyperparameterSpec {
  /// The highest degree of a polynomial kernel.
  package static let mostDegree = 32

  /// SVM: names and defaults of scikit-learn's SVC.
  static let supportVectors = [
    HyperparameterSpec(
      name: "C", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "1.0",
      summary: "Penalty of rows on the wrong side."),
    HyperparameterSpec(
      name: "kernel", kind: .choice(KernelFunction.allCases.map(\.rawValue)), defaultValue: "rbf",
      summary: "The kernel function."),
    HyperparameterSpec(
      name: "gamma", kind: .choiceOrPositive(["scale", "auto"]), defaultValue: "scale",
      summary: "Coefficient of rbf, poly and sigmoid; scale is 1/(features · variance), auto is 1/features."),
    HyperparameterSpec(
      name: "degree", kind: .integer(0...mostDegree), defaultValue: "3", summary: "Degree of the kernel poly."),
    HyperparameterSpec(
      name: "coef0", kind: .number(from: -.infinity, zeroAllowed: false, below: .infinity), defaultValue: "0.0",
      summary: "Constant term of poly and sigmoid."),
    HyperparameterSpec(
      name: "tol", kind: .number(from: 0, zeroAllowed: false, below: .infinity), defaultValue: "0.001",
      summary: "Violation of the optimality conditions that ends a fit."),
    HyperparameterSpec(
      name: "max_iter", kind: .integer(-1...Int(Int32.max)), defaultValue: "-1",
      summary: "Most steps of the solver for a pair of classes; -1 for no limit."),
    HyperparameterSpec(
      name: "probability", kind: .choice(["false", "true"]), defaultValue: "false",
      summary: "Whether to calibrate probabilities by cross-validation."),
    HyperparameterSpec(
      name: "random_state", kind: .integer(0...Int(Int32.max)), defaultValue: "42",
      summary: "Seed of the folds that probabilities are calibrated on."),
  ]
}
