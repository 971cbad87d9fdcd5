import Fetching
import FleetAPI
import Foundation
import Registries
import Testing
import TrainingDefinition
import WorkerAgent

/// What the registry is told of a run.
@Suite(.timeLimit(.minutes(2))) struct RecordTests {
  let world: World
  init() throws { world = try World() }

  @Test func aRunsRecordTellsWhatWasTrainedWhereAndHowItEnded() async throws {
    let table = try world.file("t.csv", WorkerLifeTests.table)
    let training = TrainingSpec(
      algorithm: .logisticRegression, dataset: DatasetSpec(uri: table, targetColumn: "kind", dropColumns: ["id"]),
      hyperparameters: [Hyperparameter(name: "C", value: "2")])
    try await with(world.worker(engine: LearningEngine(dataRoot: world.root))) {
      try await world.create(training: training)
      try await world.wait(for: "job-0-0", "Succeeded") { $0.state == .succeeded }
    }
    let record = try await world.registry.run("uid-of-job")
    let model = try await world.registry.model("job", version: nil)
    #expect(record.state == "Succeeded" && record.model == "job/v1" && record.failure == nil)
    #expect(record.metrics?["accuracy"] == 1)
    #expect(record.datasetFingerprint == model.info.datasetFingerprint)
    #expect((record.finished ?? .distantPast) >= record.created)
    #expect(record.spec?.contains("\"LogisticRegression\"") == true && record.spec?.contains(table) == true)
    let host = try #require(record.host)
    #expect(host.pod == "w-0" && !host.node.isEmpty && host.processors > 0 && host.memory > 1 << 20)
    #expect(host.version == Fleet.release)
    #expect(model.info.job == "job" && model.info.namespace == "default")
    #expect(model.info.preprocessing?.contains("\"kind\"") == true)
  }

  @Test func aFailedRunsRecordSaysWhy() async throws {
    let training = TrainingSpec(algorithm: .svm, dataset: DatasetSpec(uri: "nowhere.csv", targetColumn: "y"))
    try await with(world.worker(engine: LearningEngine(dataRoot: world.root))) {
      try await world.create(training: training)
      try await world.wait(for: "job-0-0", "Failed") { $0.state == .failed }
    }
    let record = try await world.registry.run("uid-of-job")
    #expect(record.state == "Failed" && record.failure?.isEmpty == false && record.finished != nil)
  }

  @Test func secretsOfAnAddressAreNotWrittenDown() async throws {
    let secret = "http://someone:hunter2@127.0.0.1:1/t.csv?X-Amz-Signature=abcdef#frag"
    var options = SourceOptions(environment: [:])
    options.attempts = 1
    let worker = world.worker(engine: LearningEngine(dataRoot: world.root), sources: DataSources(options))
    try await with(worker) {
      try await world.create(
        training: TrainingSpec(algorithm: .svm, dataset: DatasetSpec(uri: secret, targetColumn: "y")))
      try await world.wait(for: "job-0-0", "Failed") { $0.state == .failed }
    }
    let files = try #require(FileManager.default.enumerator(atPath: world.root.path + "/registry"))
    for case let name as String in files {
      guard let data = FileManager.default.contents(atPath: world.root.path + "/registry/" + name) else { continue }
      let text = String(decoding: data, as: UTF8.self)
      #expect(!text.contains("hunter2") && !text.contains("abcdef"), "\(name)")
    }
    #expect(try await world.registry.run("uid-of-job").dataset == "http://127.0.0.1:1/t.csv")
  }

  @Test(arguments: [
    ("iris.csv", "iris.csv"), ("builtin://digits?count=5", "builtin://digits?count=5"),
    ("file:///d/x.csv", "file:///d/x.csv"), ("ftp://u:p@h/x?y#z", "ftp://h/x"), ("s3://b/k", "s3://b/k"),
    ("HTTPS://u:p@[::1]:8/x?sig=1", "HTTPS://[::1]:8/x"),
  ]) func anAddressIsShownWithoutSecrets(_ address: String, _ shown: String) {
    #expect(shownAddress(address) == shown)
  }

  @Test func stepsAreSampledSparsely() {
    var sampler = StepSampler(fraction: 0, at: .zero)
    // A long training: ten steps a second for three hours.
    let steps = 108_000
    let samples = (1...steps).count { sampler.isDue(fraction: Double($0) / Double(steps), at: .milliseconds($0 * 100)) }
    #expect((900...1000).contains(samples), "\(samples)")
    // A short one: a hundred steps within 50 ms.
    var short = StepSampler(fraction: 0, at: .zero)
    #expect((1...100).count { short.isDue(fraction: Double($0) / 100, at: .microseconds($0 * 500)) } == 2)
  }

  @Test func aMachineIsReadFromItsFiles() throws {
    #expect(Host.processor("processor\t: 0\nmodel name\t: AMD EPYC 9R14\nflags : x\n") == "AMD EPYC 9R14")
    #expect(Host.processor("nothing") == "")
    _ = try FileManager.default.createDirectory(
      at: world.root.appending(path: "sys/fs/cgroup"), withIntermediateDirectories: true)
    _ = try world.file("sys/fs/cgroup/memory.max", "104857600\n")
    #expect(Host.memory(root: world.root.path) == 104_857_600)
    _ = try world.file("sys/fs/cgroup/memory.max", "max\n")
    #expect(Host.memory(root: world.root.path) > 104_857_600)
  }
}
