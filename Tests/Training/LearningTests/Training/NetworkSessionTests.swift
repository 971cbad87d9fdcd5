import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct NetworkSessionTests {
  /// 16 columns that tell three classes apart, so every kind of network can read them.
  private static func data(rows: Int = 50, testFraction: Double = 0.2, seed: UInt64 = 1) throws -> Dataset {
    var random = SeededRandom(seed: seed)
    let header = (0..<16).map { "c\($0)" }.joined(separator: ",")
    let lines = (0..<rows).map { row in
      (0..<16).map { String(random.uniform(-1, 1) + ($0 % 3 == row % 3 ? 1 : 0)) }.joined(separator: ",")
        + ",k\(row % 3)"
    }
    return try TableDataset.make(
      try CSVTable(text: "\(header),y\n" + lines.joined(separator: "\n")),
      request: Fixtures.request(testFraction: testFraction))
  }

  private func request(
    _ algorithm: String, _ hyperparameters: [String: String] = [:], epochs: Int = 2, layers: [LayerRequest]? = nil
  ) -> TrainingRequest {
    TrainingRequest(
      algorithm: algorithm, hyperparameters: hyperparameters, dataset: DatasetRequest(uri: "x.csv"), epochs: epochs,
      batchSize: 9, layers: layers)
  }

  private static let small: [String: [LayerRequest]] = [
    "MLP": [LayerRequest(type: "dense", units: 9, activation: "relu"), LayerRequest(type: "dropout", rate: 0.3)],
    "CNN": [
      LayerRequest(type: "conv2d", filters: 5, kernel: 2, activation: "relu"), LayerRequest(type: "maxPool2d"),
      LayerRequest(type: "dropout", rate: 0.3),
    ],
    "LSTM": [LayerRequest(type: "lstm", units: 5), LayerRequest(type: "dropout", rate: 0.3)],
  ]

  private static let optimisers: [[String: String]] = [
    ["optimizer": "adam"], ["optimizer": "adamw", "weight_decay": "0.01"],
    ["optimizer": "sgd", "learning_rate": "0.1"],
    ["optimizer": "sgd", "momentum": "0.9"], ["optimizer": "sgd", "momentum": "0.9", "nesterov": "true"],
    ["optimizer": "rmsprop"], ["optimizer": "rmsprop", "momentum": "0.5"],
  ]

  /// Interrupted after any step, resumed by a session that has been elsewhere: the same weights, bit by bit.
  @Test(arguments: small.keys.sorted(), optimisers)
  func anyInterruptionEndsTheSame(algorithm: String, optimiser: [String: String]) throws {
    let dataset = try Self.data()
    let hyperparameters = optimiser.merging(["early_stopping_patience": "1"]) { $1 }
    let request = request(algorithm, hyperparameters, layers: Self.small[algorithm])
    let straight = try Trainer.load(request, dataset: dataset)
    var checkpoints = [try straight.checkpoint()]
    while !straight.isFinished {
      try straight.step()
      checkpoints.append(try straight.checkpoint())
    }
    let expected = try straight.finish()
    #expect(checkpoints.count == 11)
    let resumed = try Trainer.load(request, dataset: dataset)
    for (step, checkpoint) in checkpoints.enumerated() {
      try resumed.restore(checkpoint)
      #expect(resumed.progress.totalSteps == step)
      while !resumed.isFinished { try resumed.step() }
      let model = try resumed.finish()
      #expect(model.tensors == expected.tensors, "after step \(step)")
      #expect(model.description.history.map(\.testLoss) == expected.description.history.map(\.testLoss))
    }
  }

  @Test(arguments: optimisers) func everyOptimiserLearns(optimiser: [String: String]) throws {
    let session = try Trainer.load(
      request("DNN", optimiser.merging(["learning_rate": "0.01"]) { $1 }, epochs: 6), dataset: try Self.data())
    while !session.isFinished { try session.step() }
    let losses = session.history.map(\.trainLoss)
    #expect(try #require(losses.last) < 0.8 * (try #require(losses.first)))
  }

  @Test func earlyStoppingKeepsTheBestEpoch() throws {
    // Few rows and long steps: the test loss soon grows.
    let dataset = try Self.data(rows: 40)
    let hyperparameters = ["early_stopping_patience": "3", "learning_rate": "0.02"]
    let session = try Trainer.load(request("DNN", hyperparameters, epochs: 200), dataset: dataset)
    while !session.isFinished { try session.step() }
    let losses = session.history.compactMap(\.testLoss)
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(losses.count == best + 1 + 3)
    #expect(losses.count < 200)
    #expect(session.progress.fraction == 1)
    let model = try session.finish()
    #expect(abs((model.description.report.testLoss ?? .infinity) - losses[best]) < 1e-12)
    #expect(losses[losses.count - 1] > losses[best])
  }

  @Test func earlyStoppingNeedsATestSet() throws {
    let dataset = try Self.data(testFraction: 0)
    let error = Fixtures.error { () throws(LearningError) in
      try Trainer.load(request("DNN", ["early_stopping_patience": "3"]), dataset: dataset)
    }
    #expect(error?.reason == "InvalidHyperparameter")
    #expect(error?.message.contains("testFraction") == true)
  }

  /// At once, and after some good epochs.
  @Test(arguments: ["1e25", "1e4", "40"]) func divergenceGoesBackToTheLastGoodEpoch(rate: String) throws {
    let session = try Trainer.load(
      request("DNN", ["optimizer": "sgd", "momentum": "0.99", "learning_rate": rate], epochs: 60),
      dataset: try Self.data())
    var good = try session.checkpoint()
    let error = Fixtures.error { () throws(LearningError) in
      while !session.isFinished {
        try session.step()
        if session.progress.step == 0 { good = try session.checkpoint() }
      }
    }
    #expect(error?.reason == "LossDiverged")
    #expect(try session.checkpoint() == good)
    let model = try session.finish()
    #expect(model.tensors.allSatisfy { $0.floats?.allSatisfy { $0.isFinite } ?? false })
  }

  /// The number of threads must not show in a model. Within a region of the pool all work is done by one thread.
  @Test(arguments: small.keys.sorted()) func threadsDoNotShow(algorithm: String) throws {
    let dataset = try Self.data(rows: 150)
    var request = request(algorithm, epochs: 3, layers: Self.small[algorithm])
    request.batchSize = 70
    func train() throws -> TrainedModel {
      let session = try Trainer.load(request, dataset: dataset)
      while !session.isFinished { try session.step() }
      return try session.finish()
    }
    let many = try train()
    var alone: Result<TrainedModel, any Error>?
    ThreadPool.shared.run(2) { part in
      if part == 0 { alone = Result { try train() } }
    }
    #expect(try alone?.get().tensors == many.tensors)
    #expect(try alone?.get().description.report.trainLoss == many.description.report.trainLoss)
  }

  @Test func networksThatNoMemoryHoldsAreRefused() throws {
    let dataset = try Self.data()
    let wide = LayerRequest(type: "dense", units: 65_536)
    let parameters = Fixtures.error { () throws(LearningError) in
      try Trainer.load(request("MLP", layers: [wide, wide]), dataset: dataset)
    }
    #expect(parameters?.message.contains("at most 134217728") == true)
    #expect(parameters?.message.contains("layers[1]") == true)
    var long = request("MLP", layers: Array(repeating: LayerRequest(type: "dense", units: 4096), count: 3))
    long.batchSize = 65_536
    let big = Dataset(
      train: Examples(
        features: .floats(FloatBuffer(count: 70_000 * 16)), labels: (0..<70_000).map { $0 % 3 }, width: 16),
      test: dataset.test, preprocessing: dataset.preprocessing)
    let batch = Fixtures.error { () throws(LearningError) in try Trainer.load(long, dataset: big) }
    #expect(batch?.message.contains("batchSize is \"65536\"; it must be at most") == true)
  }

  /// Names of Keras's defaults; those that change a model silently if they ever change.
  @Test func defaultsAreKerass() throws {
    let adam = OptimiserRule(try Hyperparameters([:], for: .cnn))
    #expect(adam == .adam(rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7))
    let adamw = OptimiserRule(try Hyperparameters(["optimizer": "AdamW"], for: .lstm))
    #expect(adamw == .adam(rate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0.004))
    let rmsprop = OptimiserRule(try Hyperparameters(["optimizer": "rmsprop"], for: .dnn))
    #expect(rmsprop == .rmsprop(rate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7))
    #expect(try Hyperparameters([:], for: .cnn).number("dropout") == 0.5)
    #expect(try Hyperparameters([:], for: .lstm).number("dropout") == 0.2)
  }
}
