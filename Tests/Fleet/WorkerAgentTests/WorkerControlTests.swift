import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Registries
import Synchronization
import Testing
import WorkerAgent

/// A worker whose training a test leads step by step: stopping, deletion, hand-over, and an API server that goes away.
@Suite(.timeLimit(.minutes(2))) struct WorkerControlTests {
  let world: World
  init() throws { world = try World() }

  private func modelValue(_ name: String = "job") async throws -> String {
    String(decoding: try await world.registry.modelFile(name, version: "v1", file: "model.bin"), as: UTF8.self)
  }

  /// What twenty steps in their order make.
  static let twentySteps: String = {
    var value = 1
    for step in 1...20 { value = (value &* 31 &+ step) % 1_000_003 }
    return "\(value)"
  }()

  @Test func theFirstStepIsReportedAtOnceAndProgressAfterIt() async throws {
    let engine = SteppedEngine()
    try await with(world.worker(engine: engine)) {
      try await world.create()
      let running = try await world.wait(for: "job-0-0", "Running") { $0.state == .running }
      #expect(running.startTime != nil && running.firstStepTime == nil && running.step == nil)
      engine.allow(1)
      let first = try await world.wait(for: "job-0-0", "the first step") { $0.firstStepTime != nil }
      #expect(first.step == 1 && first.progressPercentage == 5 && first.loss == "0.5000")
      engine.allow(9)
      let half = try await world.wait(for: "job-0-0", "half") { $0.step == 10 }
      #expect(half.epoch == 2 && half.progressPercentage == 50 && half.accuracy == "0.5000")
      #expect(half.firstStepTime == first.firstStepTime && half.startTime == running.startTime)
      engine.allow(10)
      let done = try await world.wait(for: "job-0-0", "Succeeded") { $0.state == .succeeded }
      #expect(done.loss == "0.1250" && done.accuracy == "0.9000" && done.progressPercentage == 100)
      #expect(done.metrics?.map(\.name) == ["accuracy", "train_loss", "test_accuracy"])
    }
    #expect(try await modelValue() == Self.twentySteps)
  }

  @Test func aStopKeepsACheckpointThatTheNextAttemptGoesOnFrom() async throws {
    let engine = SteppedEngine(free: 7)
    let worker = world.worker(engine: engine)
    try await with(worker) {
      try await world.create()
      try await world.wait(for: "job-0-0", "seven steps") { $0.step == 7 }
      _ = try await world.tasks.patch("job-0-0", .merge(["spec": ["stop": ["reason": "Suspended"]]]))
      try await worker.waitUntilStopping()
      engine.allow(1)
      let stopped = try await world.wait(for: "job-0-0", "Stopped") { $0.isTerminal }
      #expect(stopped.state == .stopped && stopped.step == 8 && stopped.progressPercentage == 40)
      #expect(stopped.completionTime != nil && stopped.failure == nil)
    }
    let next = SteppedEngine(free: 100)
    try await with(world.worker("w-1", engine: next)) {
      try await world.create(attempt: 1, pod: "w-1")
      try await world.wait(for: "job-1-0", "Succeeded") { $0.state == .succeeded }
    }
    #expect(next.made.withLock { $0 } == 12)
    #expect(try await modelValue() == Self.twentySteps)
    // Nothing will go on from it any more.
    #expect(try FileManager.default.contentsOfDirectory(atPath: world.root.path + "/registry/checkpoints").isEmpty)
  }

  @Test func aPendingTaskThatIsToStopIsNeverTrained() async throws {
    let engine = SteppedEngine(free: 100)
    try await world.create(stop: .cancelled)
    try await with(world.worker(engine: engine)) {
      let status = try await world.wait(for: "job-0-0", "Stopped") { $0.isTerminal }
      #expect(status.state == .stopped && status.step == nil)
    }
    #expect(engine.opened.withLock { $0 } == 0)
  }

  @Test func aDeletedTaskStopsAndTheNextOneIsTakenUp() async throws {
    let engine = SteppedEngine(free: 2)
    let worker = world.worker(engine: engine)
    try await with(worker) {
      try await world.create("first")
      try await world.wait(for: "first-0-0", "two steps") { $0.step == 2 }
      try await world.create("second")
      try await world.tasks.delete("first-0-0")
      try await worker.waitUntilStopping()
      engine.allow(100)
      try await world.wait(for: "second-0-0", "Succeeded") { $0.state == .succeeded }
    }
    #expect(engine.made.withLock { $0 } == 23)
    #expect(try await world.registry.listModels().map(\.id) == ["second/v1"])
  }

  @Test func aTaskRecreatedUnderItsNameIsAnotherTask() async throws {
    let engine = SteppedEngine(free: 2)
    let worker = world.worker(engine: engine)
    try await with(worker) {
      try await world.create()
      try await world.wait(for: "job-0-0", "two steps") { $0.step == 2 }
      try await world.tasks.delete("job-0-0")
      // Now another worker's: what this one still has to say must not go there.
      try await world.create(pod: "w-9", podUID: "ninth")
      try await worker.waitUntilStopping()
      engine.allow(100)
      try await Task.sleep(for: .milliseconds(200))
      #expect(try await world.status("job-0-0") == nil)
    }
    #expect(try await world.registry.listModels().isEmpty)
  }

  @Test func onlyItsOwnUnfinishedTasksAreRunOldestFirstAndOneAtATime() async throws {
    try await world.create("foreign", podUID: "an earlier pod")
    try await world.create("over")
    _ = try await world.tasks.patch("over-0-0", .merge(["status": ["state": "Failed"]]), subresource: "status")
    try await world.create("b-older")
    try await Task.sleep(for: .milliseconds(1100))  // Creation times are whole seconds.
    try await world.create("a-newer")
    let engine = SteppedEngine(free: 20)
    try await with(world.worker(engine: engine)) {
      try await world.wait(for: "b-older-0-0", "Succeeded") { $0.state == .succeeded }
      try await world.wait(for: "a-newer-0-0", "Running") { $0.state == .running }
      engine.allow(20)
      try await world.wait(for: "a-newer-0-0", "Succeeded") { $0.state == .succeeded }
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(engine.opened.withLock { $0 } == 2)
    #expect(try await world.status("foreign-0-0") == nil)
    #expect(try await world.status("over-0-0")?.state == .failed)
  }

  // MARK: Leaving

  @Test func aWorkerThatMustGoHandsItsTaskBack() async throws {
    let engine = SteppedEngine(free: 6)
    let worker = world.worker(engine: engine, grace: .seconds(3))
    let running = Task { await worker.run() }
    try await world.create()
    try await world.wait(for: "job-0-0", "six steps") { $0.step == 6 }
    // At a fifth of a second a step and more, the rest does not fit in.
    try await Task.sleep(for: .milliseconds(1200))
    running.cancel()
    try await worker.waitUntilStopping()
    engine.allow(1)
    await running.value
    let status = try await world.status("job-0-0")
    #expect(status?.state == .stopped && status?.step == 7)
    let saved = try await world.registry.newestCheckpoint(
      run: "uid-of-job", fingerprint: world.tasks.get("job-0-0").spec.fingerprint(datasetVersion: nil))
    #expect(saved?.step == 7)
  }

  @Test func aWorkerThatMustGoFinishesATaskThatIsNearlyDone() async throws {
    let engine = SteppedEngine(free: 19)
    let worker = world.worker(engine: engine, grace: .seconds(20))
    let running = Task { await worker.run() }
    try await world.create()
    try await world.wait(for: "job-0-0", "nineteen steps") { $0.step == 19 }
    running.cancel()
    try await Task.sleep(for: .milliseconds(50))
    engine.allow(1)
    await running.value
    #expect(try await world.status("job-0-0")?.state == .succeeded)
  }

  @Test func aStepThatDoesNotEndDoesNotKeepTheWorker() async throws {
    let engine = SteppedEngine(free: 1)
    let worker = world.worker(engine: engine, grace: .seconds(2))
    let running = Task { await worker.run() }
    try await world.create()
    try await world.wait(for: "job-0-0", "a step") { $0.step == 1 }
    let begun = ContinuousClock.now
    running.cancel()
    await running.value
    #expect(ContinuousClock.now - begun < .seconds(3.5))
    #expect(try await world.status("job-0-0")?.state == .stopped)
    engine.allow(100)
  }

  @Test func aWorkerStartedAgainGoesOnWithItsRunningTask() async throws {
    var training = World.training
    training.checkpoint = CheckpointSpec(everyEpochs: 1)
    let engine = SteppedEngine(free: 7)
    // Killed: what it leaves is a status that says Running, and the checkpoint of the first epoch.
    let killed = world.worker(engine: engine, grace: .milliseconds(1))
    let running = Task { await killed.run() }
    let task = try await world.create(training: training)
    try await world.wait(for: "job-0-0", "seven steps") { $0.step == 7 }
    // Checkpoints are written beside the training, which does not wait for them.
    let fingerprint = task.spec.fingerprint(datasetVersion: nil)
    let deadline = ContinuousClock.now + .seconds(20)
    while try await world.registry.newestCheckpoint(run: "uid-of-job", fingerprint: fingerprint) == nil,
      ContinuousClock.now < deadline
    {
      try await Task.sleep(for: .milliseconds(5))
    }
    world.server.intercept { request in
      request.method == .patch ? .breakBefore(.unreachable("gone")) : .proceed
    }
    running.cancel()
    await running.value
    world.server.intercept(nil)
    #expect(try await world.status(task.name)?.state == .running)

    let next = SteppedEngine(free: 100)
    try await with(world.worker(engine: next)) {
      try await world.wait(for: task.name, "Succeeded") { $0.state == .succeeded }
    }
    #expect(next.made.withLock { $0 } == 15)
    #expect(try await modelValue() == Self.twentySteps)
    engine.allow(100)
  }

  // MARK: Trouble

  @Test func trainingGoesOnWhileTheAPIServerIsAway() async throws {
    let engine = SteppedEngine(free: 2)
    let refused = Atomic(0)
    let counter = Shared(refused)
    try await with(world.worker(engine: engine)) {
      try await world.create()
      try await world.wait(for: "job-0-0", "two steps") { $0.step == 2 }
      world.server.intercept { request in
        guard request.method == .patch else { return .proceed }
        counter.value.add(1, ordering: .relaxed)
        return .breakBefore(.unreachable("no route"))
      }
      engine.allow(100)
      while engine.made.withLock({ $0 }) < 20 { try await Task.sleep(for: .milliseconds(5)) }
      try await Task.sleep(for: .milliseconds(700))
      #expect(try await world.status("job-0-0")?.state == .running)
      world.server.intercept(nil)
      try await world.wait(for: "job-0-0", "Succeeded") { $0.state == .succeeded }
    }
    // Backed off, not hammered: 0.2 s doubling leaves room for few tries in that time.
    let tries = counter.value.load(ordering: .relaxed)
    #expect((1...12).contains(tries), "\(tries) tries")
  }

  @Test func aModelRegisteredButNotReportedIsNotMadeTwice() async throws {
    // The worker dies after registering: no report of the end ever arrives.
    let engine = SteppedEngine(free: 100)
    let worker = world.worker(engine: engine, grace: .milliseconds(1))
    let running = Task { await worker.run() }
    world.server.intercept { request in
      guard request.method == .patch, let body = request.body else { return .proceed }
      let isEnd = String(decoding: body, as: UTF8.self).contains("Succeeded")
      return isEnd ? .breakBefore(.unreachable("dead")) : .proceed
    }
    try await world.create()
    let deadline = ContinuousClock.now + .seconds(10)
    while try await world.registry.listModels().isEmpty, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    running.cancel()
    await running.value
    world.server.intercept(nil)

    let retry = SteppedEngine(free: 100)
    try await with(world.worker("w-1", engine: retry)) {
      try await world.create(attempt: 1, pod: "w-1")
      let status = try await world.wait(for: "job-1-0", "Succeeded") { $0.isTerminal }
      #expect(status.state == .succeeded && status.model?.id == "job/v1")
    }
    #expect(retry.opened.withLock { $0 } == 0)
    #expect(try await world.registry.listModels().map(\.id) == ["job/v1"])
  }

  @Test func aReportWhoseAnswerIsLostIsSentAgain() async throws {
    let engine = SteppedEngine(free: 100)
    let lost = Mutex(0)
    let counter = Shared(lost)
    world.server.intercept { request in
      guard request.method == .patch else { return .proceed }
      let isLost = counter.value.withLock { count in
        count += 1
        return count.isMultiple(of: 2)
      }
      return isLost ? .loseAnswer(.timedOut("lost")) : .proceed
    }
    try await with(world.worker(engine: engine)) {
      try await world.create()
      try await world.wait(for: "job-0-0", "Succeeded") { $0.state == .succeeded }
    }
  }

  @Test func anEndWhoseDetailsAreRefusedIsStillReported() async throws {
    world.server.intercept { request in
      guard request.method == .patch, let body = request.body,
        String(decoding: body, as: UTF8.self).contains("metrics")
      else { return .proceed }
      return .refuse(Status(message: "status.metrics: Invalid value", reason: .invalid, code: 422))
    }
    try await with(world.worker(engine: SteppedEngine(free: 100))) {
      try await world.create()
      let status = try await world.wait(for: "job-0-0", "an end") { $0.isTerminal }
      #expect(status == TrainingTaskStatus(state: .succeeded))
    }
  }

  @Test func trainingGoesOnWhileTheRegistryIsAway() async throws {
    // Files where directories must be: nothing of a run can be written.
    let obstacles = ["runs", "checkpoints"].map { world.root.appending(path: "registry/\($0)") }
    for obstacle in obstacles { try Data().write(to: obstacle) }
    var training = World.training
    training.checkpoint = CheckpointSpec(everyEpochs: 1)
    let engine = SteppedEngine(free: 19)
    try await with(world.worker(engine: engine)) {
      let task = try await world.create(training: training)
      try await world.wait(for: task.name, "nineteen steps") { $0.step == 19 }
      for obstacle in obstacles { try FileManager.default.removeItem(at: obstacle) }
      let fingerprint = task.spec.fingerprint(datasetVersion: nil)
      var saved: Checkpoint?
      let deadline = ContinuousClock.now + .seconds(20)
      while saved == nil, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(20))
        saved = try await world.registry.newestCheckpoint(run: "uid-of-job", fingerprint: fingerprint)
      }
      // Of the checkpoints that could not be written only the newest matters.
      #expect(saved?.epoch == 3)
      engine.allow(1)
      try await world.wait(for: task.name, "Succeeded") { $0.state == .succeeded }
    }
    #expect(try await world.registry.history(run: "uid-of-job").map(\.key.epoch) == [1, 2, 3, 4])
    #expect(try await world.registry.run("uid-of-job").state == "Succeeded")
  }

  @Test func readinessIsTheFirstCompleteList() async throws {
    let worker = world.worker(engine: SteppedEngine())
    #expect(!worker.isReady)
    try await with(worker) {
      try await worker.waitUntilReady()
      #expect(worker.isReady)
    }
  }
}

/// Holds what cannot be copied, for closures.
final class Shared<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}
