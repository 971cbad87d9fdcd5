import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Learning
import Registries
import Testing
import TrainingDefinition
import WorkerAgent

/// A worker against an API server: what becomes of its tasks.
@Suite(.timeLimit(.minutes(2))) struct WorkerLifeTests {
  let world: World
  init() throws { world = try World() }

  // MARK: With the real engine

  static let table =
    "id,a,b,kind\n"
    + (0..<60).map { "\($0),\(Double($0 % 2) + Double($0 % 7) / 20),\($0 % 5),\($0 % 2 == 0 ? "no" : "yes")\n" }
    .joined()

  private func tableTraining(target: String = "kind") throws -> TrainingSpec {
    TrainingSpec(
      algorithm: .logisticRegression,
      dataset: DatasetSpec(uri: try world.file("t.csv", Self.table), targetColumn: target, dropColumns: ["id"]),
      modelName: "kinds")
  }

  @Test func aTaskTrainsAModelAndReportsIt() async throws {
    let worker = world.worker(engine: LearningEngine(dataRoot: world.root))
    try await with(worker) {
      try await world.create(training: tableTraining())
      let status = try await world.wait(for: "job-0-0", "Succeeded") { $0.isTerminal }
      #expect(status.state == .succeeded, "\(String(describing: status.failure))")
      #expect(status.progressPercentage == 100)
      #expect(status.startTime != nil && status.firstStepTime != nil && status.completionTime != nil)
      #expect((status.epoch ?? 0) > 0 && (status.step ?? 0) > 0)
      #expect(Double(status.accuracy ?? "") == 1)
      let names = status.metrics?.map(\.name) ?? []
      #expect(
        names == [
          "accuracy", "precision", "recall", "f1_score", "log_loss", "roc_auc", "train_accuracy", "test_accuracy",
          "train_loss", "test_loss", "training_time",
        ])
      let model = try await world.registry.model("kinds", version: "v1")
      #expect(status.model?.id == "kinds/v1")
      #expect(status.model?.uri == model.uri)
      #expect(status.model?.displayName?.hasPrefix("LogisticRegression_100.0%_") == true)
      #expect(model.info.features == ["a", "b"])
      #expect(model.info.targetColumn == "kind")
      #expect(model.info.run == "uid-of-job")
      let bytes = try await world.registry.modelFile("kinds", version: "v1", file: "model.safetensors")
      #expect(try TrainedModel(decoding: Data(bytes)).description.preprocessing.classes == ["no", "yes"])
    }
    let history = try await world.registry.history(run: "uid-of-job")
    #expect(!history.isEmpty)
    #expect(history.map(\.key.epoch) == Array(1...history.count))
    #expect(try await world.registry.run("uid-of-job").state == "Succeeded")
  }

  @Test func onlyRankZeroTellsTheRegistryOfItsGroup() async throws {
    try await with(world.worker(engine: SteppedEngine(free: 1000))) {
      try await world.create("second", group: RankGroup(generation: 1, rank: 1, size: 2))
      let status = try await world.wait(for: "second-0-0", "the end") { $0.isTerminal }
      #expect(status.state == .succeeded && status.model == nil && status.progressPercentage == 100)
      try await world.create("first", group: RankGroup(generation: 1, rank: 0, size: 2))
      try await world.wait(for: "first-0-0", "the end") { $0.isTerminal && $0.reporting == nil }
    }
    #expect(try await world.registry.listModels().map(\.info.run) == ["uid-of-first"])
    #expect(try await world.registry.history(run: "uid-of-second").isEmpty)
    #expect((try? await world.registry.run("uid-of-second")) == nil)
    #expect(try await !world.registry.history(run: "uid-of-first").isEmpty)
  }

  @Test func aDatasetOfTheRegistryIsTrainedOn() async throws {
    let put = try await world.registry.putDataset("kinds", from: world.file("t.csv", Self.table))
    var training = try tableTraining()
    training.dataset.uri = nil
    training.dataset.name = "kinds"
    try await with(world.worker(engine: LearningEngine(dataRoot: world.root))) {
      try await world.create(training: training)
      let status = try await world.wait(for: "job-0-0", "an end") { $0.isTerminal }
      #expect(status.state == .succeeded, "\(String(describing: status.failure))")
    }
    let model = try await world.registry.model("kinds", version: nil)
    #expect(model.info.dataset == "kinds")
    #expect(model.info.datasetFingerprint == put.version)
  }

  @Test func badInputFailsTheTaskAndNotTheWorker() async throws {
    var unknown = try tableTraining()
    unknown.algorithm = Open(rawValue: "Oracle")
    var missing = try tableTraining()
    missing.dataset.uri = nil
    missing.dataset.name = "nowhere"
    var twice = try tableTraining()
    twice.hyperparameters = [Hyperparameter(name: "C", value: "1"), Hyperparameter(name: "C", value: "2")]
    var fraction = try tableTraining()
    fraction.dataset.testFraction = "a fifth"
    var name = try tableTraining()
    name.modelName = "../model"
    let cases: [(String, TrainingSpec, String, String)] = [
      ("target", try tableTraining(target: "sort"), "TargetColumnMissing", "sort"),
      ("algorithm", unknown, "UnknownAlgorithm", "Oracle"), ("dataset", missing, "DatasetNotFound", "nowhere"),
      ("twice", twice, "InvalidRequest", "only once"), ("fraction", fraction, "InvalidRequest", "a fifth"),
      ("name", name, "InvalidName", "../model"),
    ]
    try await with(world.worker(engine: LearningEngine(dataRoot: world.root))) {
      for (job, training, reason, word) in cases {
        try await world.create(job, training: training)
        let status = try await world.wait(for: "\(job)-0-0", "an end") { $0.isTerminal }
        #expect(status.state == .failed)
        #expect(status.failure?.reason == reason)
        #expect(status.failure?.message.contains(word) == true, "\(String(describing: status.failure))")
        #expect(status.failure?.retryable == false)
      }
      try await world.create("good", training: tableTraining())
      let status = try await world.wait(for: "good-0-0", "an end") { $0.isTerminal }
      #expect(status.state == .succeeded)
    }
  }

  @Test func aTaskHandedBackAndResumedGivesTheModelOfAnUndisturbedRun() async throws {
    var training = World.training
    training.dataset.uri = "builtin://digits?count=2000&seed=3"
    training.epochs = 12
    let engine = LearningEngine(dataRoot: world.root)
    try await with(world.worker(engine: engine)) {
      try await world.create("straight", training: training)
      try await world.wait(for: "straight-0-0", "Succeeded", seconds: 60) { $0.state == .succeeded }
    }
    let first = world.worker(engine: engine, grace: .zero)
    let running = Task { await first.run() }
    try await world.create("broken", training: training)
    try await world.wait(for: "broken-0-0", "a step", seconds: 30) { ($0.step ?? 0) > 0 }
    // Stopped by the operator, as a drain does it.
    _ = try await world.tasks.patch("broken-0-0", .merge(["spec": ["stop": ["reason": "Draining"]]]))
    let handed = try await world.wait(for: "broken-0-0", "an end", seconds: 30) { $0.isTerminal }
    running.cancel()
    await running.value
    #expect(handed.state == .stopped)

    try await with(world.worker("w-1", uid: "other", engine: engine)) {
      try await world.create("broken", attempt: 1, pod: "w-1", podUID: "other", training: training)
      let status = try await world.wait(for: "broken-1-0", "an end", seconds: 60) { $0.isTerminal }
      #expect(status.state == .succeeded)
    }
    let straight = try await tensors("straight")
    #expect(!straight.isEmpty)
    #expect(try await tensors("broken") == straight)
  }

  private func tensors(_ name: String) async throws -> [Tensor] {
    let bytes = try await world.registry.modelFile(name, version: "v1", file: "model.safetensors")
    return try TrainedModel(decoding: Data(bytes)).tensors
  }
}

extension TrainingTaskStatus {
  var isTerminal: Bool { state.isFinished }
}
