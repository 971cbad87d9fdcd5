import Testing
import TrainingDefinition

@testable import Learning

/// Against libsvm as scikit-learn has it.
@Suite struct SupportVectorReferenceTests {
  @Test(arguments: 0..<6) func machinesEqualLibsvms(index: Int) throws {
    let reference = try SupportVectorReference.load()
    let wanted = reference.machines[index]
    let examples = Examples(reference.small.rows, labels: reference.small.labels, width: 4)
    let blas = try Blas.load()
    let hyperparameters = try Hyperparameters(wanted.parameters.merging(["tol": "1e-6"]) { $1 }, for: .svm)
    let problem = SupportVectorProblem(examples, classes: 3, blas: blas) {
      SupportVectorOptions(hyperparameters, width: 4, variance: $0)
    }
    #expect(abs(problem.options.kernel.gamma - wanted.gamma) < 1e-6 * wanted.gamma)
    let solutions = problem.solve(0..<3)
    for (solution, objective) in zip(solutions, wanted.objectives) {
      #expect(abs(solution.objective - objective) < 1e-5 * abs(objective))
      #expect(solution.gap < 1e-6)
    }
    let machine = SupportVectorMachine(problem, solutions, examples: examples)
    for (rho, expected) in zip(machine.rho, wanted.rho) { #expect(abs(Double(rho) - expected) < 2e-4) }
    let test = Examples(reference.small.test, width: 4)
    let classifier = SupportVectorClassifier(machine, blas: blas)
    let decisions = classifier.decisions(test, from: 0, count: test.count)
    #expect(decisions.count == wanted.decisions.count)
    for (decision, expected) in zip(decisions, wanted.decisions) {
      #expect(abs(Double(decision) - expected) < 5e-4 * max(1, abs(expected)))
    }
    let scores = classifier.probabilities(test, from: 0, count: test.count)
    for (row, label) in wanted.labels.enumerated() {
      #expect(Kernels.argmax(scores + row * 3, count: 3) == label)
    }
  }

  /// Where the kernel is strictly positive definite the dual solution is unique, coefficient by coefficient.
  @Test(arguments: [0, 1, 2]) func coefficientsHaveLibsvmsPlaces(index: Int) throws {
    let reference = try SupportVectorReference.load()
    let wanted = reference.machines[index]
    let examples = Examples(reference.small.rows, labels: reference.small.labels, width: 4)
    let hyperparameters = try Hyperparameters(wanted.parameters.merging(["tol": "1e-6"]) { $1 }, for: .svm)
    let problem = SupportVectorProblem(examples, classes: 3, blas: try Blas.load()) {
      SupportVectorOptions(hyperparameters, width: 4, variance: $0)
    }
    let machine = SupportVectorMachine(problem, problem.solve(0..<3), examples: examples)
    #expect(machine.vectorsPerClass == wanted.vectors_per_class)
    let rows = wanted.support.flatMap { reference.small.rows[($0 * 4)..<($0 * 4 + 4)] }
    #expect(machine.vectors == rows)
    try #require(machine.coefficients.count == wanted.dual_coef.count)
    for (coefficient, expected) in zip(machine.coefficients, wanted.dual_coef) {
      #expect(abs(Double(coefficient) - expected) < 1e-3)
    }
  }

  @Test func sigmoidsAreFittedAsElsewhere() throws {
    let platt = try SupportVectorReference.load().platt
    let scaling = PlattScaling(decisions: platt.decisions, positive: platt.positive.map { $0 == 1 })
    #expect(abs(scaling.a - platt.a) < 1e-3)
    #expect(abs(scaling.b - platt.b) < 1e-3)
    #expect(scaling.probability(1e6) > 0.999 && scaling.probability(-1e6) < 0.001)
  }

  @Test func calibratedProbabilitiesAreAsGoodAsLibsvms() throws {
    let reference = try SupportVectorReference.load().calibrated
    let examples = Examples(reference.rows, labels: reference.labels, width: 3)
    let test = Examples(reference.test, labels: reference.truth, width: 3)
    func loss(_ probability: String) throws -> Double {
      let request = TrainingRequest(
        algorithm: "SVM", hyperparameters: ["probability": probability], dataset: Fixtures.request())
      let session = try Trainer.load(request, dataset: Dataset(examples, test: test, classes: 3))
      while !session.isFinished { try session.step() }
      let model = try session.finish()
      let classifier = try model.description.structure.classifier(
        model.tensors, for: model.description.preprocessing)
      let answers = Evaluator(classifier).probabilities(test)
      for row in 0..<test.count { #expect(abs(answers[(row * 3)..<(row * 3 + 3)].reduce(0, +) - 1) < 1e-5) }
      return try #require(model.metrics["test_loss"])
    }
    let calibrated = try loss("true")
    #expect(abs(calibrated - reference.log_loss) < 0.02)
    let uncalibrated = try loss("false")
    #expect(calibrated < uncalibrated)
  }
}
