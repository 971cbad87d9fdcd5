import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct SessionTests {
  private let root = Fixtures.packageRoot

  private func iris(
    _ algorithm: String, _ hyperparameters: [String: String] = [:], epochs: Int = 3, batchSize: Int = 16,
    testFraction: Double = 0.2
  ) -> TrainingRequest {
    TrainingRequest(
      algorithm: algorithm, hyperparameters: hyperparameters,
      dataset: DatasetRequest(
        uri: Fixtures.iris, targetColumn: "Species", dropColumns: ["Id"], testFraction: testFraction),
      epochs: epochs, batchSize: batchSize)
  }

  private func run(_ session: any TrainingSession) throws -> TrainedModel {
    while !session.isFinished { try session.step() }
    return try session.finish()
  }

  @Test func logisticRegressionLearnsIris() throws {
    let model = try run(try Trainer.load(iris("LogisticRegression"), dataRoot: root))
    #expect(try #require(model.metrics["test_accuracy"]) >= 0.93)
    #expect(try #require(model.metrics["train_accuracy"]) >= 0.95)
    #expect(model.description.preprocessing.classes == ["Iris-setosa", "Iris-versicolor", "Iris-virginica"])
  }

  @Test func deepNetworksLearnIris() throws {
    for algorithm in ["DNN", "MLP"] {
      let request = iris(algorithm, ["learning_rate": "0.005"], epochs: 12)
      let model = try run(try Trainer.load(request, dataRoot: root))
      #expect(try #require(model.metrics["test_accuracy"]) >= 0.9, "\(algorithm)")
      #expect(model.description.history.count == 12)
    }
  }

  /// scikit-learn 1.9's LogisticRegression(C=1.0, tol=1e-8) on all 150 rows standardised: the unique minimum.
  @Test func logisticRegressionFindsScikitLearnsMinimum() throws {
    let three = try run(
      try Trainer.load(iris("LogisticRegression", ["tol": "1e-6"], testFraction: 0), dataRoot: root))
    #expect(abs(three.description.report.trainLoss - 0.1295423) < 1e-4)
    let csv = try String(contentsOfFile: Fixtures.iris, encoding: .utf8).split(separator: "\n")
      .filter { !$0.contains("setosa") }.joined(separator: "\n")
    let two = try TableDataset.make(
      try CSVTable(text: csv), request: iris("LogisticRegression", testFraction: 0).dataset)
    let model = try run(try Trainer.load(iris("LogisticRegression", ["tol": "1e-6"], testFraction: 0), dataset: two))
    #expect(abs(model.description.report.trainLoss - 0.1151272) < 1e-4)
  }

  @Test(arguments: [
    ("MLP", ["optimizer": "adam"]), ("MLP", ["optimizer": "sgd", "momentum": "0.9"]), ("DNN", ["optimizer": "sgd"]),
    ("LogisticRegression", ["tol": "1e-5"]),
  ]) func interruptedRunsEndBitByBitTheSame(algorithm: String, hyperparameters: [String: String]) throws {
    let request = iris(algorithm, hyperparameters)
    let whole = try Trainer.load(request, dataRoot: root)
    // Within an epoch, at its end, and before the first step.
    for stop in [0, 5, 8, 11] {
      let first = try Trainer.load(request, dataRoot: root)
      for _ in 0..<stop { try first.step() }
      let second = try Trainer.load(request, dataRoot: root)
      // A session that has gone elsewhere must come back too.
      for _ in 0..<3 { try second.step() }
      try second.restore(try first.checkpoint())
      #expect(second.progress == first.progress)
      #expect(second.history == first.history)
      let resumed = try run(second)
      let straight = try run(whole)
      #expect(resumed.tensors == straight.tensors, "stopped after \(stop)")
      #expect(resumed.description.history.map(\.trainLoss) == straight.description.history.map(\.trainLoss))
    }
  }

  @Test func checkpointsOfOtherRequestsAreRefused() throws {
    let session = try Trainer.load(iris("MLP"), dataRoot: root)
    try session.step()
    let saved = try session.checkpoint()
    for other in [iris("DNN"), iris("MLP", epochs: 4), iris("MLP", batchSize: 8), iris("MLP", ["random_state": "1"])] {
      let session = try Trainer.load(other, dataRoot: root)
      let error = Fixtures.error { () throws(LearningError) in try session.restore(saved) }
      #expect(error?.reason == "BadCheckpoint")
    }
  }

  @Test func damagedCheckpointsAreRefusedAndChangeNothing() throws {
    let session = try Trainer.load(iris("MLP"), dataRoot: root)
    try session.step()
    let saved = try session.checkpoint()
    var headerHit = saved
    headerHit[20] ^= 0x55
    for damaged in [Data(), saved.prefix(4), saved.prefix(saved.count - 1), saved + Data([0]), headerHit] {
      let before = session.progress
      let error = Fixtures.error { () throws(LearningError) in try session.restore(damaged) }
      #expect(error?.reason == "BadCheckpoint")
      #expect(session.progress == before)
      #expect(try session.checkpoint() == saved)
    }
  }

  @Test(arguments: ["LogisticRegression", "DNN"]) func progressNeverFallsAndEndsAtOne(algorithm: String) throws {
    let session = try Trainer.load(iris(algorithm), dataRoot: root)
    #expect(session.progress.fraction == 0)
    #expect(session.progress.loss == nil)
    var last = 0.0
    while !session.isFinished {
      try session.step()
      let progress = session.progress
      #expect(progress.fraction >= last)
      #expect(progress.loss?.isFinite == true)
      last = progress.fraction
    }
    #expect(session.progress.fraction == 1)
    #expect(session.progress.testAccuracy != nil)
    let done = session.progress
    try session.step()
    #expect(session.progress == done)
  }

  @Test func withoutATestSetThereAreNoTestMetrics() throws {
    let model = try run(try Trainer.load(iris("DNN", epochs: 1, testFraction: 0), dataRoot: root))
    #expect(model.metrics["test_accuracy"] == nil)
    #expect(model.metrics["accuracy"] == model.metrics["train_accuracy"])
  }

  @Test func aBatchLargerThanTheDataIsTheData() throws {
    let session = try Trainer.load(iris("DNN", batchSize: 4096), dataRoot: root)
    #expect(session.progress.stepsPerEpoch == 1)
    try session.step()
    #expect(session.progress.epoch == 1)
  }

  @Test func aDivergingLossIsAnErrorThatNamesTheStep() throws {
    let session = try Trainer.load(
      iris("DNN", ["optimizer": "sgd", "learning_rate": "1e30"], epochs: 5), dataRoot: root)
    let error = Fixtures.error { () throws(LearningError) in while !session.isFinished { try session.step() } }
    #expect(error?.reason == "LossDiverged")
    #expect(error?.retryable == false)
    #expect(error?.message.contains("epoch 1") == true)
  }

  @Test func generatedDigitsAreLearned() throws {
    let request = TrainingRequest(
      algorithm: "MLP", dataset: DatasetRequest(uri: "builtin://digits?count=400&seed=3"), epochs: 6, batchSize: 32)
    let session = try Trainer.load(request, dataRoot: root)
    let model = try run(session)
    let first = try #require(session.history.first?.trainLoss)
    let last = try #require(session.history.last?.trainLoss)
    #expect(last < first / 2)
    #expect(try #require(model.metrics["test_accuracy"]) > 0.4)
  }
}
