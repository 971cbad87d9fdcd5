import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct SupportVectorSessionTests {
  private func dataset(classes: Int = 4, rows: Int = 240) -> Dataset {
    var random = SeededRandom(seed: 5)
    let width = 3
    let labels = (0..<rows).map { _ in Int32(random.below(classes)) }
    let values = labels.flatMap { label in
      (0..<width).map { Float(Int(label) >> $0 & 1) + random.uniform(-0.8, 0.8) }
    }
    let all = Examples(values, labels: labels, width: width)
    let cut = rows * 4 / 5
    return Dataset(
      all.selecting((0..<cut).map { Int32($0) }), test: all.selecting((cut..<rows).map { Int32($0) }), classes: classes)
  }

  /// A session that makes one round of the solver a step.
  private func session(
    _ dataset: Dataset, _ hyperparameters: [String: String] = [:]
  ) throws -> SupportVectorSession {
    let request = TrainingRequest(
      algorithm: "SVM", hyperparameters: hyperparameters, dataset: Fixtures.request(testFraction: 0.2))
    let (algorithm, checked) = try request.validated()
    let plan = TrainingPlan(request: request, algorithm: algorithm, hyperparameters: checked, dataset: dataset)
    return try SupportVectorSession(plan, blas: try Blas.load(), rounds: 1)
  }

  private func run(_ session: SupportVectorSession) throws -> TrainedModel {
    while !session.isFinished { try session.step() }
    return try session.finish()
  }

  @Test(arguments: ["false", "true"]) func interruptedRunsEndBitByBitTheSame(probability: String) throws {
    let data = dataset()
    let settings = ["probability": probability, "tol": "1e-5"]
    let straight = try session(data, settings)
    var saved: [Data] = [try straight.checkpoint()]
    while !straight.isFinished {
      try straight.step()
      saved.append(try straight.checkpoint())
    }
    let wanted = try straight.finish()
    #expect(saved.count > 4)
    let places = probability == "true" ? Array(stride(from: 0, to: saved.count, by: 5)) : Array(saved.indices)
    for stop in places {
      let resumed = try session(data, settings)
      // A session that has gone elsewhere must come back too.
      if stop % 2 == 0 { try resumed.step() }
      try resumed.restore(saved[stop])
      #expect(try resumed.checkpoint() == saved[stop], "stopped after \(stop)")
      let model = try run(resumed)
      #expect(model.tensors == wanted.tensors, "stopped after \(stop)")
      #expect(resumed.history.map(\.trainLoss) == straight.history.map(\.trainLoss))
    }
  }

  @Test func damagedCheckpointsAreRefusedAndChangeNothing() throws {
    let data = dataset()
    let session = try session(data)
    try session.step()
    try session.step()
    let saved = try session.checkpoint()
    let file = try TensorFile(decoding: saved)
    #expect(file["open0.beta"] != nil)
    for name in file.tensors.map(\.name) {
      for value in [Double.nan, -1, 1e18, 0.5] {
        var copy = file
        guard let index = copy.tensors.firstIndex(where: { $0.name == name }),
          let count = copy.tensors[index].doubles?.count,
          count > 0
        else { continue }
        copy.tensors[index] = Tensor(
          name: name, shape: [count + 1], doubles: [Double](repeating: value, count: count + 1))
        let damaged = try copy.encoded()
        let error = Fixtures.error { () throws(LearningError) in try session.restore(damaged) }
        #expect(error?.reason == "BadCheckpoint", "\(name)")
      }
    }
    #expect(try session.checkpoint() == saved)
  }

  @Test func progressNeverFallsAndEndsAtOne() throws {
    let session = try session(dataset())
    var last = 0.0
    #expect(session.progress.fraction == 0)
    #expect(session.progress.loss == nil)
    while !session.isFinished {
      // A model can be had at any time.
      let model = try session.finish()
      #expect(model.description.report.trainLoss.isFinite)
      try session.step()
      #expect(session.progress.fraction >= last)
      last = session.progress.fraction
    }
    #expect(last == 1)
    #expect(session.progress.epoch == 6)
    #expect(session.history.count == 6)
    #expect(session.progress.testAccuracy != nil)
    let done = session.progress
    try session.step()
    #expect(session.progress == done)
  }

  @Test(arguments: ["false", "true"]) func modelsAreReadBackAsTheyWere(probability: String) throws {
    let data = dataset()
    let model = try run(try session(data, ["probability": probability]))
    let copy = try TrainedModel(decoding: try model.encoded())
    #expect(copy == model)
    let classifier = try copy.description.structure.classifier(copy.tensors, for: copy.description.preprocessing)
    #expect(Evaluator(classifier).evaluate(data.test).accuracy == model.metrics["test_accuracy"])
    #expect(try #require(model.metrics["test_accuracy"]) > 0.6)
  }

  @Test(arguments: ["false", "true"]) func classesWithoutRowsAreNeverPredicted(probability: String) throws {
    let small = dataset(classes: 3)
    let labels = small.train.labels.map { $0 == 0 ? 1 : $0 == 1 ? 3 : 4 as Int32 }
    let train = Examples(features: small.train.features, labels: labels, width: 3)
    let model = try run(try session(Dataset(train, classes: 6), ["probability": probability]))
    let classifier = try model.description.structure.classifier(model.tensors, for: model.description.preprocessing)
    let predicted = Evaluator(classifier).evaluate(train).confusion.map { $0.enumerated().filter { $0.element > 0 } }
    if probability == "true" {
      let answers = Evaluator(classifier).probabilities(train)
      for row in 0..<train.count {
        let unseen = [0, 2, 5].reduce(0) { $0 + answers[row * 6 + $1] }
        // The coupling's iteration stops where it is within about 0.005 of the solution.
        #expect(unseen < 0.01)
      }
    }
    #expect(Set(predicted.flatMap { $0.map(\.offset) }).isSubset(of: [1, 3, 4]))
    #expect(try #require(model.metrics["train_accuracy"]) > 0.6)
  }

  @Test func hostileModelsAreRefused() throws {
    let model = try run(try session(dataset(), ["probability": "true"]))
    func refuse(_ comment: String, _ change: (inout TrainedModel) -> Void) throws {
      var copy = model
      change(&copy)
      let data = try copy.encoded()
      let error = Fixtures.error { () throws(LearningError) in try TrainedModel(decoding: data) }
      #expect(error?.reason == "BadModel", "\(comment)")
    }
    for index in model.tensors.indices {
      let tensor = model.tensors[index]
      let count = try #require(tensor.floats?.count)
      try refuse(tensor.name) { _ = $0.tensors.remove(at: index) }
      for value in [Float.nan, .infinity] {
        let hurt = Tensor(name: tensor.name, shape: tensor.shape, floats: [Float](repeating: value, count: count))
        try refuse(tensor.name) { $0.tensors[index] = hurt }
      }
      let longer = Tensor(name: tensor.name, shape: [count + 1], floats: [Float](repeating: 0, count: count + 1))
      try refuse(tensor.name) { $0.tensors[index] = longer }
    }
    let place = try #require(model.tensors.firstIndex { $0.name == "vectors_per_class" })
    for parts: [Float] in [[-1, 1, 0, 0], [0.5, 0.5, 0, 0], [1e30, 0, 0, 0], [0, 0, 0, 0]] {
      try refuse("\(parts)") { $0.tensors[place] = Tensor(name: "vectors_per_class", shape: [4], floats: parts) }
    }
    for kernel in [SupportVectorKernel(.poly, degree: 1 << 30), SupportVectorKernel(.poly, degree: -1)] {
      var shape = try #require(kernelShape(model))
      shape.kernel = kernel
      try refuse("\(kernel)") { $0.description.structure = .supportVectors(shape) }
    }
  }

  private func kernelShape(_ model: TrainedModel) -> SupportVectorShape? {
    if case .supportVectors(let shape) = model.description.structure { return shape }
    return nil
  }

  @Test(arguments: [
    ("gamma", "0"), ("gamma", "wide"), ("gamma", "inf"), ("kernel", "cubic"), ("degree", "33"), ("C", "0"),
    ("coef0", "nan"), ("tol", "0"), ("max_iter", "-2"), ("probability", "maybe"),
  ]) func valuesOutOfBoundsAreRefused(name: String, value: String) {
    let error = Fixtures.error { () throws(TrainingProblem) in
      try Hyperparameters([name: value], for: .svm)
    }
    #expect(error?.reason == "InvalidHyperparameter")
    #expect(error?.message.contains(name) == true)
  }

  @Test func kernelsThatOverflowAreAnError() throws {
    let request = TrainingRequest(
      algorithm: "SVM", hyperparameters: ["kernel": "poly", "degree": "32", "gamma": "1e9"],
      dataset: Fixtures.request())
    let data = dataset()
    let error = Fixtures.error { () throws(LearningError) in try Trainer.load(request, dataset: data) }
    #expect(error == .kernelNotFinite(kernel: "poly"))
    #expect(error?.retryable == false)
  }

  @Test func gammaMayBeAWordOrANumber() throws {
    func gamma(_ text: String, variance: Double) throws -> Double {
      SupportVectorOptions(
        try Hyperparameters(["gamma": text], for: .svm), width: 5, variance: variance
      ).kernel.gamma
    }
    #expect(try gamma("scale", variance: 4) == 1 / 20.0)
    #expect(try gamma("Scale", variance: 0) == 1)
    #expect(try gamma("auto", variance: 4) == 1 / 5.0)
    #expect(try gamma("0.25", variance: 4) == 0.25)
  }
}
