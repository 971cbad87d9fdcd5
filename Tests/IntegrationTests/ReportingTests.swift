import Basics
import FleetAPI
import Foundation
import KubeTypes
import Mongo
import Testing

extension FleetIntegrationTests {
  /// Jobs on a real API server whose workers report into MongoDB: nothing is lost or doubled, whatever becomes of it.
  @Suite(.enabled(if: MongoFixture.script != nil), .serialized) struct ReportingTests {
    // MARK: What a job leaves behind

    @Test func aJobLeavesItsRunItsMetricsAndItsModel() async throws {
      let mongo = try await MongoFixture()
      let space = try await TestNamespace(workers: 0)
      try await space.createPool(workers: 1, registry: mongo.uri())
      try await space.apply(TestNamespace.manifest("iris", rest: "modelName: flowers"))
      try await space.apply(
        TestNamespace.manifest(
          "digits", algorithm: "MLP", dataset: "{uri: 'builtin://digits?count=500&seed=1', format: IDX}",
          rest: "epochs: 7\nbatchSize: 50"))
      for job in ["iris", "digits"] { try await space.waitForSuccess(job) }
      try await space.waitForReports("digits")
      let status = try #require(try await space.job("digits").status)
      #expect(status.model?.id == "digits/v1")

      // The run, a point for each epoch, the model.
      let run = try await space.job("digits").uid
      let points = try await mongo.collection("metrics").find(["run": .string(run), "scope": "epoch"])
      #expect(points.compactMap { $0["epoch"]?.intValue }.sorted() == Array(1...7))
      let registry = try await Registry(mongo.uri())
      let show = try await registry.json("runs", "show", run)
      #expect(show["run"]?["job"]?.stringValue ?? show["job"]?.stringValue == "digits", "\(show)")
      let plot = try await registry.must("runs", "plot", "\(space.name)/digits")
      #expect(plot.lowercased().contains("loss") && plot.split(separator: "\n").count > 10, "\(plot)")

      // The model comes back, and says elsewhere what it says here.
      let folder = registry.folder
      for format in ["onnx", "safetensors"] {
        try await registry.must(
          "models", "get", "flowers", "--format", format, "-o", folder.appending(path: "model.\(format)").path)
      }
      let rows = Cluster.repository.appending(path: "config/samples/iris.csv").path
      let predictions = folder.appending(path: "predictions.csv").path
      try await registry.must(
        "predict", folder.appending(path: "model.safetensors").path, rows, "-o", predictions)
      let accuracy = try #require(Double(try await space.job("iris").status?.accuracy ?? ""))
      #expect(accuracy > 0.9)
      if let python = ProcessInfo.processInfo.environment["TENSORFLEET_TEST_MODELS_PYTHON"] {
        let compared = try await IntegrationTests.run(
          URL(filePath: python),
          [
            Cluster.repository.appending(path: "hack/models/compare.py").path, "onnx", "flowers",
            folder.appending(path: "model.onnx").path, rows, predictions, "0",
          ])
        #expect(compared.status == 0, "onnxruntime says something else: \(compared.output) \(compared.error)")
      }
      // A process may end while the driver's threads are still at work.
      for _ in 1...20 { try await registry.must("models", "list") }
      try await space.remove()
      await mongo.stop()
    }

    @Test func aDatasetIsPutByNameAndTrainedOn() async throws {
      let mongo = try await MongoFixture()
      let space = try await TestNamespace(workers: 0)
      try await space.createPool(workers: 1, registry: mongo.uri())
      try await space.apply(
        TestNamespace.manifest("early", dataset: "{name: flowers, targetColumn: Species, dropColumns: [Id]}"))
      let registry = try await Registry(mongo.uri())
      try await registry.must(
        "datasets", "put", "flowers", Cluster.repository.appending(path: "config/samples/iris.csv").path)
      try await space.apply(
        TestNamespace.manifest("iris", dataset: "{name: flowers, targetColumn: Species, dropColumns: [Id]}"))
      try await space.waitForSuccess("iris")
      let model = try await registry.json("models", "show", "iris")
      let version = try await registry.json("datasets", "show", "flowers")
      #expect("\(model)".contains(try #require(Self.word("version", in: version))), "lineage: \(model)")
      try await space.remove()
      await mongo.stop()
    }

    private static func word(_ key: String, in value: JSONValue) -> String? {
      value[key]?.stringValue ?? value["dataset"]?[key]?.stringValue
    }

    // MARK: MongoDB away

    @Test func reportsSurviveAServerThatIsKilledBeforeDuringAndAfterTraining() async throws {
      let mongo = try await MongoFixture()
      let space = try await TestNamespace(workers: 0)
      try await space.createPool(workers: 2, registry: mongo.uri())

      // Before: the worker trains three jobs one after the other and is never in their way.
      await mongo.crash()
      for job in ["before-1", "before-2", "before-3", "before-4"] { try await space.apply(Self.digits(job)) }
      let waits = try await eventually(within: .seconds(90)) {
        try await space.jobs().allSatisfy { $0.state == "Reporting" }
      }
      let states = try await space.jobs().map { "\($0.name) \($0.state) \($0.status?.conditions ?? [])" }
      #expect(waits, "all four are trained, by two workers, and wait for the registry: \(states)")
      // First that there is no answer yet; once the driver has given up, why.
      let isSaid = try await eventually {
        let condition = try await space.job("before-1").status?.conditions[type: "Reported"]
        return condition?.status == .false && condition?.reason == "RegistryUnavailable"
      }
      let job = try await space.job("before-1")
      #expect(isSaid, "\(job.status?.conditions ?? [])")
      #expect(!job.isFinished)
      try await mongo.start()
      for job in ["before-1", "before-2", "before-3", "before-4"] { try await space.waitForSuccess(job) }

      // During: it goes and comes while a long job trains.
      try await space.apply(Self.digits("during", epochs: 300))
      try await space.waitForProgress("during")
      await mongo.crash()
      let step = try await space.tasks().first { $0.spec.jobName == "during" }?.status?.step ?? 0
      #expect(
        try await eventually(within: .seconds(30)) {
          (try await space.tasks().first { $0.spec.jobName == "during" }?.status?.step ?? 0) > step
        }, "training goes on")
      try await mongo.start()
      try await space.waitForSuccess("during", timeout: 240)

      // After.
      await mongo.crash()
      #expect(try await space.jobs().allSatisfy(\.hasSucceeded))
      try await mongo.start()

      try await space.expectEverythingOnce(
        in: mongo, epochs: ["before-1": 3, "before-2": 3, "before-3": 3, "before-4": 3, "during": 300])
      try await space.remove()
      await mongo.stop()
    }

    @Test func aServerThatIsSlowAndFailsEveryThirdWriteLosesAndDoublesNothing() async throws {
      let mongo = try await MongoFixture()
      let space = try await TestNamespace(workers: 0)
      try await space.createPool(workers: 2, registry: mongo.uri())
      try await mongo.order(["delayMs": 2000, "failEveryNthWrite": 3])
      var epochs: [String: Int] = [:]
      for number in 1...3 {
        epochs["slow-\(number)"] = 5
        try await space.apply(Self.digits("slow-\(number)", epochs: 5))
      }
      for job in epochs.keys.sorted() { try await space.waitForSuccess(job, timeout: 300) }
      for worker in try space.workerMemory() {
        #expect(worker.peak < 400 << 20, "\(worker.pod) took \(worker.peak >> 20) MiB")
      }
      // And one whose connections break after a write was applied: what is sent again counts once.
      try await mongo.order(["closeEveryNthWrite": 3, "closeWhen": "applied"])
      for number in 1...3 {
        epochs["broken-\(number)"] = 5
        try await space.apply(Self.digits("broken-\(number)", epochs: 5))
      }
      for job in epochs.keys.sorted() { try await space.waitForSuccess(job, timeout: 300) }
      try await mongo.order([:])
      try await space.expectEverythingOnce(in: mongo, epochs: epochs)
      try await space.remove()
      await mongo.stop()
    }

    static func digits(_ job: String, epochs: Int = 3) -> String {
      TestNamespace.manifest(
        job, algorithm: "MLP", dataset: "{uri: 'builtin://digits?count=500&seed=1', format: IDX}",
        rest: "epochs: \(epochs)\nbatchSize: 50")
    }

    // MARK: Secrets

    @Test func aWrongPasswordIsSaidAndNoSecretIsAnywhere() async throws {
      let mongo = try await MongoFixture()
      let space = try await TestNamespace(workers: 0)
      let wrong = "wr0ng-\(UUID().uuidString)"
      try await space.createPool("good", workers: 1, registry: mongo.uri())
      try await space.createPool("bad", workers: 1, registry: mongo.uri(password: wrong))
      try await space.apply(TestNamespace.manifest("right", pool: "good"))
      try await space.apply(TestNamespace.manifest("wrong", pool: "bad"))
      try await space.waitForSuccess("right")
      let isSaid = try await eventually(within: .seconds(60)) {
        try await space.job("wrong").status?.conditions[type: "Reported"]?.reason == "RegistryAuthenticationFailed"
      }
      let conditions = try await space.job("wrong").status?.conditions ?? []
      #expect(isSaid, "\(conditions)")
      // Errors of the command line, too, and of an operator's flag.
      let registry = try await Registry(mongo.uri(password: wrong))
      let refused = try await registry.run("models", "list")
      #expect(refused.status != 0)
      #expect(refused.error.contains("authSource"), "it says what to check: \(refused.error)")
      var texts = ["command line": refused.output + refused.error]

      let cluster = space.cluster
      for kind in ["trainingjobs", "trainingtasks", "workerpools", "pods", "events"] {
        texts[kind] = try await cluster.must("get", kind, "-A", "-o", "yaml")
      }
      texts["describe"] = try await cluster.must(
        "-n", space.name, "describe", "trainingjobs,trainingtasks,workerpools,pods")
      texts.merge(try await Installation.shared.logs()) { $1 }
      for collection in ["runs", "models", "datasets", "metrics", "checkpoints", "schema", "uploads"] {
        texts["collection \(collection)"] = "\(try await mongo.collection(collection).find())"
      }
      #expect(texts.values.contains { $0.contains("RegistryAuthenticationFailed") }, "the texts are those of this run")
      for (place, text) in texts {
        for secret in [mongo.password, mongo.encodedPassword, wrong] {
          #expect(!text.contains(secret), "a password stands in \(place)")
        }
      }
      // The worker's environment is the only place: not its arguments.
      for argumentsOfProcess in try Self.commandLines() {
        for secret in [mongo.password, mongo.encodedPassword, wrong] {
          #expect(!argumentsOfProcess.contains(secret), "a password stands in a process's arguments")
        }
      }
      try await space.remove()
      await mongo.stop()
    }

    @Test func aPasswordInAPoolsOwnEnvironmentIsRefused() async throws {
      let space = try await TestNamespace(workers: 0)
      let secret = "s3cret-\(UUID().uuidString)"
      let result = try await space.cluster.kubectl(
        "-n", space.name, "apply", "-f", "-",
        input: """
          apiVersion: tensorfleet.io/v1alpha1
          kind: WorkerPool
          metadata: {name: open}
          spec:
            replicas: 1
            env: [{name: TENSORFLEET_REGISTRY, value: "mongodb://fleet:\(secret)@127.0.0.1/fleet"}]
          """)
      // A server that knows CEL refuses the object; on an older one the operator makes no pod of it.
      if result.status == 0 {
        let isSaid = try await eventually {
          let story = try await space.cluster.must(
            "-n", space.name, "get", "workerpool", "open", "-o", "jsonpath={.status}")
          #expect(!story.contains(secret))
          return story.contains("must hold no password")
        }
        #expect(isSaid)
        #expect(try await space.pods().isEmpty)
      } else {
        #expect(result.error.contains("must hold no password"))
      }
      try await space.remove()
    }

    private static func commandLines() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
        guard Int(entry) != nil else { return nil }
        return FileManager.default.contents(atPath: "/proc/\(entry)/cmdline").map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    }
  }
}
