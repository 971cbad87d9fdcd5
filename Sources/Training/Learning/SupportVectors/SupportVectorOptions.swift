import TrainingDefinition

/// What to solve: the kernel, the penalty and when to stop.
package struct SupportVectorOptions: Sendable, Equatable {
  package var kernel: SupportVectorKernel
  /// The penalty of a row on the wrong side; α lies between 0 and it.
  package var c: Double
  /// Violation of the optimality conditions that is let pass.
  package var tolerance: Double
  /// Pairs of variables moved at most for one pair of classes.
  package var mostTaken: Int
  /// Whether to fit probabilities by cross-validation.
  package var probability: Bool
  /// Of the folds.
  package var seed: UInt64

  package init(
    kernel: SupportVectorKernel, c: Double = 1, tolerance: Double = 1e-3, mostTaken: Int = .max,
    probability: Bool = false, seed: UInt64 = 42
  ) {
    self.kernel = kernel
    self.c = c
    self.tolerance = tolerance
    self.mostTaken = mostTaken
    self.probability = probability
    self.seed = seed
  }

  /// What checked hyperparameters say of rows with `width` features whose values have this variance.
  init(_ hyperparameters: Hyperparameters, width: Int, variance: Double) {
    let function = KernelFunction(rawValue: hyperparameters.choice("kernel")) ?? .rbf
    let gamma =
      switch hyperparameters.numberOrChoice("gamma") {
      case .number(let value): value
      case .choice("auto"): 1 / Double(width)
      default: variance > 0 ? 1 / (Double(width) * variance) : 1
      }
    let most = hyperparameters.integer("max_iter")
    self.init(
      kernel: SupportVectorKernel(
        function, gamma: gamma, coef0: hyperparameters.number("coef0"), degree: hyperparameters.integer("degree")),
      c: hyperparameters.number("C"), tolerance: hyperparameters.number("tol"), mostTaken: most < 0 ? .max : most,
      probability: hyperparameters.choice("probability") == "true",
      seed: UInt64(hyperparameters.integer("random_state")))
  }
}
