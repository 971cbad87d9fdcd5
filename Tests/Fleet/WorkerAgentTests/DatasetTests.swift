import Fetching
import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import Registries
import Testing
import TrainingDefinition
import WorkerAgent

/// What the data set fields of a job do, as the worker carries them out.
@Suite(.timeLimit(.minutes(2))) struct DatasetTests {
  let world: World
  init() throws { world = try World() }

  private var sources: DataSources {
    var options = SourceOptions(
      cacheDirectory: world.root.appending(path: "cache").path, maximumCacheBytes: 1 << 30, environment: [:])
    options.attempts = 1
    return DataSources(options)
  }

  private func train(_ training: TrainingSpec) async throws -> TrainingTaskStatus {
    let worker = world.worker(engine: LearningEngine(dataRoot: world.root), sources: sources)
    var status = TrainingTaskStatus(state: .pending)
    try await with(worker) {
      try await world.create(training: training)
      status = try await world.wait(for: "job-0-0", "its end") { $0.isTerminal }
    }
    return status
  }

  @Test func everyFieldOfATableReachesTheTrainer() async throws {
    let rows = (0..<60).map { "\($0 % 2),\($0 % 10 == 0 ? "" : "\($0 % 2)"),\($0 % 2 == 0 ? "no" : "yes")\n" }.joined()
    var dataset = DatasetSpec(uri: try world.file("t.csv", rows), targetColumn: "column3")
    dataset.header = false
    dataset.stratified = true
    let good = try await train(TrainingSpec(algorithm: .decisionTree, dataset: dataset))
    #expect(good.state == .succeeded, "\(String(describing: good.failure))")
    dataset.missingValues = Open(.error)
    try await world.tasks.delete("job-0-0")
    let refused = try await train(TrainingSpec(algorithm: .decisionTree, dataset: dataset))
    #expect(refused.failure?.reason == "MissingValue")
  }

  @Test func aNetworkOfOnesOwnLayersTrains() async throws {
    var training = World.training
    training.layers = [
      LayerRequest(type: "conv2d", filters: 4, activation: "relu"), LayerRequest(type: "maxPool2d"),
      LayerRequest(type: "flatten"),
      LayerRequest(type: "dropout", rate: "0.1"),
    ]
    let status = try await train(training)
    #expect(status.state == .succeeded, "\(String(describing: status.failure))")
    let model = try await world.registry.model("job", version: "v1")
    #expect(model.files.map(\.name).sorted() == ["model.onnx", "model.safetensors"])
  }

  @Test func aLayerThatCannotBeIsNamed() async throws {
    var training = World.training
    training.layers = [LayerRequest(type: "dense", units: 8), LayerRequest(type: "lstm")]
    let status = try await train(training)
    #expect(status.failure?.reason == "InvalidRequest")
    #expect(status.failure?.message.contains("layers[1].units") == true)
  }

  @Test func aSearchTrainsItsBestCombination() async throws {
    var training = TrainingSpec(
      algorithm: .svm,
      dataset: DatasetSpec(
        uri: try world.file("t.csv", "a,y\n" + (0..<40).map { "\($0),\($0 < 20 ? "no" : "yes")\n" }.joined()),
        targetColumn: "y"))
    training.search = SearchRequest(
      parameters: [.init(name: "C", values: ["0.0001", "10"])], folds: 2, objective: "F1")
    let status = try await train(training)
    #expect(status.state == .succeeded, "\(String(describing: status.failure))")
    training.search?.objective = "Beauty"
    try await world.tasks.delete("job-0-0")
    let refused = try await train(training)
    #expect(refused.failure?.message.contains("ROCAUC") == true, "it says which there are")
  }

  @Test func aServerThatIsAwayIsAReasonToTryAgain() async throws {
    let dataset = DatasetSpec(uri: "http://127.0.0.1:1/t.csv", targetColumn: "y")
    let status = try await train(TrainingSpec(algorithm: .svm, dataset: dataset))
    #expect(status.failure?.reason == "SourceUnreachable")
    #expect(status.failure?.retryable == true)
  }

  @Test func remoteImagesAreRefusedWithTheCure() async throws {
    let dataset = DatasetSpec(uri: "https://127.0.0.1:1/mnist", format: .idx)
    let status = try await train(TrainingSpec(algorithm: .cnn, dataset: dataset))
    #expect(status.failure?.reason == "UnsupportedSource")
    #expect(status.failure?.message.contains("data directory") == true)
  }
}
