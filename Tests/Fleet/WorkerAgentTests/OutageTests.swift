import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Registries
import Synchronization
import Testing
import TrainingDefinition
import WorkerAgent

/// A worker whose registry is away, slow or full of faults: training goes on, and nothing is lost or doubled.
@Suite(.timeLimit(.minutes(3))) struct OutageTests {
  let world: World
  let registry: FaultyRegistry

  init() throws {
    world = try World()
    registry = FaultyRegistry(world.registry)
  }

  private func worker(
    _ engine: any TrainingEngine, faults: FaultPoint? = nil, grace: Duration = .seconds(4)
  ) -> FleetWorker {
    world.worker(engine: engine, registry: registry, spoolFaults: faults, grace: grace)
  }

  private func isDelivered(_ name: String) async throws {
    try await world.wait(for: name, "its delivery", seconds: 30) { $0.isTerminal && $0.reporting == nil }
  }

  @Test func threeJobsAreTrainedInARowWhileTheRegistryIsAway() async throws {
    registry.behave { $0.isAway = true }
    let jobs = ["a", "b", "c"]
    try await with(worker(SteppedEngine(free: 60))) {
      for job in jobs {
        try await world.create(job)
        let status = try await world.wait(for: "\(job)-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
        #expect(status.reporting?.reason == "RegistryUnavailable")
        #expect(status.reporting?.message.contains("no server answers") == true)
        #expect((status.reporting?.pending ?? 0) > 0)
        #expect(status.progressPercentage == 99 && status.accuracy == "0.9000" && status.completionTime == nil)
      }
      for job in jobs { #expect(try await world.status("\(job)-0-0")?.state == .reporting) }
      registry.behave { $0.isAway = false }
      for job in jobs { try await isDelivered("\(job)-0-0") }
    }
    for job in jobs {
      let status = try await world.status("\(job)-0-0")
      #expect(status?.state == .succeeded && status?.model?.id == "\(job)/v1", "\(String(describing: status))")
      #expect(status?.metrics?.first?.name == "accuracy")
      let epochs = try await world.registry.history(run: "uid-of-\(job)").filter { $0.scope == .epoch }
      #expect(epochs.map(\.key.epoch) == [1, 2, 3, 4])
      #expect(try await world.registry.run("uid-of-\(job)").state == "Succeeded")
    }
    #expect(try await world.registry.listModels().map(\.id).sorted() == ["a/v1", "b/v1", "c/v1"])
    #expect(!FileManager.default.fileExists(atPath: world.root.path + "/spool/pod-uid"), "nothing is left on disk")
  }

  @Test func aTrainingTellsThatItsReportsWait() async throws {
    let engine = SteppedEngine(free: 7)
    try await with(worker(engine)) {
      try await world.create()
      try await world.wait(for: "job-0-0", "seven steps") { $0.step == 7 }
      registry.behave { $0.isAway = true }
      engine.allow(6)
      let told = try await world.wait(for: "job-0-0", "a reason") { $0.reporting != nil }
      #expect(told.state == .running && told.reporting?.reason == "RegistryUnavailable")
      registry.behave { $0.isAway = false }
      try await world.wait(for: "job-0-0", "delivery", seconds: 20) { $0.reporting == nil && $0.state == .running }
      engine.allow(100)
      try await world.wait(for: "job-0-0", "Succeeded") { $0.state == .succeeded }
    }
  }

  @Test func aHealthyRegistryCostsNoMoreWritesThanBefore() async throws {
    let counter = Shared(Mutex<[String]>([]))
    world.server.intercept { request in
      if request.method == .patch, let body = request.body {
        counter.value.withLock { $0.append(String(decoding: body, as: UTF8.self)) }
      }
      return .proceed
    }
    try await with(worker(SteppedEngine(free: 100))) {
      try await world.create()
      try await world.wait(for: "job-0-0", "Succeeded") { $0.state == .succeeded }
    }
    let writes = counter.value.withLock { $0 }
    #expect(writes.filter { $0.contains("Succeeded") }.count == 1)
    #expect(!writes.contains { $0.contains("Reporting") || $0.contains("reporting") })
  }

  @Test func everyThirdWriteFailsAndNothingIsLostOrDoubled() async throws {
    registry.behave { $0 = .init(delay: .milliseconds(20), failsEveryThird: true) }
    let jobs = (0..<4).map { "j\($0)" }
    try await with(worker(SteppedEngine(free: 80))) {
      for job in jobs { try await world.create(job) }
      for job in jobs { try await isDelivered("\(job)-0-0") }
    }
    for job in jobs {
      #expect(try await world.status("\(job)-0-0")?.state == .succeeded)
      let epochs = try await world.registry.history(run: "uid-of-\(job)").filter { $0.scope == .epoch }
      #expect(epochs.map(\.key.epoch) == [1, 2, 3, 4])
    }
    #expect(try await world.registry.listModels().map(\.version) == ["v1", "v1", "v1", "v1"])
  }

  @Test func aSlowRegistryKeepsNoWorkerWaiting() async throws {
    registry.behave { $0.delay = .milliseconds(600) }
    let jobs = ["a", "b", "c"]
    let engine = SteppedEngine(free: 60)
    try await with(worker(engine)) {
      for job in jobs { try await world.create(job) }
      let waiting = try await world.wait(for: "a-0-0", "Reporting") { $0.state == .reporting }
      #expect(waiting.reporting?.reason == "RegistrySlow")
      try await world.wait(for: "c-0-0", "Reporting") { $0.state == .reporting }
      #expect(engine.made.withLock { $0 } == 60)
      for job in jobs { try await isDelivered("\(job)-0-0") }
      for job in jobs { #expect(try await world.status("\(job)-0-0")?.state == .succeeded) }
    }
    #expect(try await world.registry.listModels().map(\.version) == ["v1", "v1", "v1"])
  }

  // MARK: Restarts

  /// Runs a worker until its task is Reporting, then ends it as if it had been killed: nobody hears of it any more.
  private func killWhileReporting() async throws {
    registry.behave { $0.isAway = true }
    let first = worker(SteppedEngine(free: 20), grace: .milliseconds(1))
    let running = Task { await first.run() }
    try await world.create()
    try await world.wait(for: "job-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
    world.server.intercept { $0.method == .patch ? .breakBefore(.unreachable("gone")) : .proceed }
    running.cancel()
    await running.value
    world.server.intercept(nil)
    #expect(try await world.status("job-0-0")?.state == .reporting)
  }

  @Test func aWorkerStartedAgainBringsTheModelThatItsPredecessorKept() async throws {
    try await killWhileReporting()
    let engine = SteppedEngine(free: 100)
    try await with(worker(engine)) {
      try await world.create("next")
      try await world.wait(for: "next-0-0", "a training meanwhile", seconds: 20) { $0.state == .reporting }
      #expect(try await world.status("job-0-0")?.state == .reporting)
      registry.behave { $0.isAway = false }
      try await isDelivered("job-0-0")
      try await isDelivered("next-0-0")
    }
    #expect(engine.made.withLock { $0 } == 20, "the first was not trained again")
    #expect(try await world.registry.listModels().map(\.id).sorted() == ["job/v1", "next/v1"])
    #expect(try await world.registry.run("uid-of-job").state == "Succeeded")
  }

  @Test func aModelThatIsGoneWithItsDiskIsAReasonToTryAgain() async throws {
    try await killWhileReporting()
    try FileManager.default.removeItem(atPath: world.root.path + "/spool")
    registry.behave { $0.isAway = false }
    try await with(worker(SteppedEngine(free: 100))) {
      let status = try await world.wait(for: "job-0-0", "an end") { $0.isTerminal }
      #expect(status.state == .failed && status.failure?.reason == "SpoolLost" && status.failure?.retryable == true)
    }
  }

  /// Killed after the model had arrived and before the task said so.
  @Test func aModelThatIsGoneFromTheDiskBecauseItWasDeliveredIsFound() async throws {
    try await killWhileReporting()
    try FileManager.default.removeItem(atPath: world.root.path + "/spool")
    registry.behave { $0.isAway = false }
    let info = ModelInfo(
      name: "job", displayName: "MLP", algorithm: "MLP", dataset: "d", datasetFingerprint: "d", run: "uid-of-job",
      fingerprint: "f")
    _ = try await world.registry.registerModel(
      ModelDraft(info: info, files: [ModelDraft.File(name: "model.bin", data: Data("weights".utf8))]))
    try await with(worker(SteppedEngine(free: 100))) {
      let status = try await world.wait(for: "job-0-0", "an end") { $0.isTerminal }
      #expect(status.state == .succeeded && status.model?.id == "job/v1", "\(status)")
    }
  }

  @Test func aWorkerThatMustGoTriesOnceMoreAndGivesTheTaskBack() async throws {
    registry.behave { $0.isAway = true }
    let leaving = worker(SteppedEngine(free: 20), grace: .seconds(2))
    let running = Task { await leaving.run() }
    try await world.create()
    try await world.wait(for: "job-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
    let begun = ContinuousClock.now
    running.cancel()
    await running.value
    #expect(ContinuousClock.now - begun < .seconds(4))
    let status = try await world.status("job-0-0")
    #expect(status?.state == .stopped && status?.reporting?.reason == "RegistryUnavailable")
  }

  // MARK: Stops

  @Test func aDrainedWorkerGivesBackWhatTheRegistryDoesNotTake() async throws {
    registry.behave { $0.isAway = true }
    try await with(worker(SteppedEngine(free: 20))) {
      try await world.create()
      try await world.wait(for: "job-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
      _ = try await world.tasks.patch("job-0-0", .merge(["spec": ["stop": ["reason": "Draining"]]]))
      let status = try await world.wait(for: "job-0-0", "an end", seconds: 20) { $0.isTerminal }
      #expect(status.state == .stopped && status.failure == nil)
    }
  }

  @Test func aSuspensionDoesNotUndoAFinishedTraining() async throws {
    registry.behave { $0.isAway = true }
    try await with(worker(SteppedEngine(free: 20))) {
      try await world.create()
      try await world.wait(for: "job-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
      _ = try await world.tasks.patch("job-0-0", .merge(["spec": ["stop": ["reason": "Suspended"]]]))
      try await Task.sleep(for: .milliseconds(600))
      #expect(try await world.status("job-0-0")?.state == .reporting)
      registry.behave { $0.isAway = false }
      try await isDelivered("job-0-0")
      #expect(try await world.status("job-0-0")?.state == .succeeded)
    }
  }

  @Test func theModelOfADeletedTaskIsNotRegistered() async throws {
    registry.behave { $0.isAway = true }
    try await with(worker(SteppedEngine(free: 40))) {
      try await world.create("gone")
      try await world.wait(for: "gone-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
      try await world.tasks.delete("gone-0-0")
      try await world.create("kept")
      try await world.wait(for: "kept-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
      // A registry that comes back before the worker has heard of the deletion gets the model all the same.
      try await Task.sleep(for: .milliseconds(600))
      registry.behave { $0.isAway = false }
      try await isDelivered("kept-0-0")
    }
    #expect(try await world.registry.listModels().map(\.id) == ["kept/v1"])
  }

  @Test func aModelThatIsRefusedFailsItsTaskWithTheRegistrysWords() async throws {
    registry.behave { $0.refusal = .tooLarge(what: "the model", detail: "it has 17 MiB") }
    try await with(worker(SteppedEngine(free: 20))) {
      try await world.create()
      let status = try await world.wait(for: "job-0-0", "an end") { $0.isTerminal }
      #expect(status.state == .failed && status.failure?.reason == "TooLargeForRegistry")
      #expect(status.failure?.message.contains("17 MiB") == true && status.failure?.retryable == false)
    }
    #expect(try await world.registry.run("uid-of-job").failure?.hasPrefix("TooLargeForRegistry: ") == true)
  }

  // MARK: A full disk

  @Test func aModelThatTheDiskDoesNotTakeKeepsItsWorker() async throws {
    let isFull = Shared(Mutex(true))
    let faults = FaultPoint(refusing: { step in
      guard step == .writeRest, isFull.value.withLock({ $0 }) else { return nil }
      return .io(operation: "write", path: "spool", detail: "No space left on device", retryable: true)
    })
    registry.behave { $0.isAway = true }
    try await with(worker(SteppedEngine(free: 20), faults: faults)) {
      try await world.create()
      let waiting = try await world.wait(for: "job-0-0", "a reason", seconds: 20) {
        $0.reporting?.reason == "SpoolFull"
      }
      #expect(waiting.state == .running)
      #expect(waiting.reporting?.message.contains("No space left on device") == true)
      isFull.value.withLock { $0 = false }
      try await world.wait(for: "job-0-0", "Reporting", seconds: 20) { $0.state == .reporting }
      registry.behave { $0.isAway = false }
      try await isDelivered("job-0-0")
    }
    #expect(try await world.registry.listModels().map(\.id) == ["job/v1"])
  }

  // MARK: Beginning without a registry

  @Test func aDatasetOfARegistryThatIsAwayIsWaitedFor() async throws {
    _ = try await world.registry.putDataset("kinds", from: world.file("t.csv", WorkerLifeTests.table))
    registry.behave { $0.isAway = true }
    let training = TrainingSpec(
      algorithm: .logisticRegression, dataset: DatasetSpec(name: "kinds", targetColumn: "kind", dropColumns: ["id"]))
    try await with(worker(LearningEngine(dataRoot: world.root))) {
      try await world.create(training: training)
      let waiting = try await world.wait(for: "job-0-0", "a reason") { $0.reporting != nil }
      #expect(waiting.state == .running && waiting.reporting?.message.contains("data set kinds") == true)
      try await world.create("other", training: training, stop: nil)
      _ = try await world.tasks.patch("job-0-0", .merge(["spec": ["stop": ["reason": "Suspended"]]]))
      let stopped = try await world.wait(for: "job-0-0", "Stopped", seconds: 20) { $0.isTerminal }
      #expect(stopped.state == .stopped)
      registry.behave { $0.isAway = false }
      try await isDelivered("other-0-0")
      #expect(try await world.status("other-0-0")?.state == .succeeded)
    }
  }

  @Test func anAttemptGoesOnFromTheCheckpointOnItsOwnDisk() async throws {
    let engine = SteppedEngine(free: 7)
    let worker = worker(engine)
    try await with(worker) {
      try await world.create()
      try await world.wait(for: "job-0-0", "seven steps") { $0.step == 7 }
      registry.behave { $0.isAway = true }
      _ = try await world.tasks.patch("job-0-0", .merge(["spec": ["stop": ["reason": "Suspended"]]]))
      try await worker.waitUntilStopping()
      engine.allow(1)
      let stopped = try await world.wait(for: "job-0-0", "Stopped", seconds: 20) { $0.isTerminal }
      #expect(stopped.state == .stopped && stopped.reporting != nil, "it says that its checkpoint is not kept yet")
      engine.allow(12)
      try await world.create(attempt: 1)
      try await world.wait(for: "job-1-0", "Reporting", seconds: 20) { $0.state == .reporting }
      registry.behave { $0.isAway = false }
      try await isDelivered("job-1-0")
      try await isDelivered("job-0-0")
    }
    #expect(engine.made.withLock { $0 } == 20)
    #expect(try await world.registry.runAttempts("uid-of-job").map(\.state) == ["Stopped", "Succeeded"])
  }
}
