import Basics
import FleetAPI
import Foundation
import KubeEmbedded
import KubeRuntime
import KubeTypes
import Registries
import Synchronization
import Testing
import WorkerAgent

/// Workers that are killed at any step of writing to their disks, or at any other time, while their registry comes and goes:
/// what must hold in the end is that every task has succeeded, with one model and a whole history.
@Suite(.timeLimit(.minutes(3))) struct WorkerSimulationTests {
  @Test(arguments: [1, 2, .random(in: 3...1_000_000)] as [UInt64])
  func whateverBreaksEveryTaskSucceedsOnce(seed: UInt64) async throws {
    print("worker simulation seed: \(seed)")
    var random = SplitMix64(seed: seed)
    let world = try World()
    let registry = FaultyRegistry(world.registry)
    let engine = SteppedEngine(free: 100_000)
    // Of a worker that is dead nobody hears any more.
    let life = Shared(Mutex<FaultPoint?>(nil))
    world.server.intercept { request in
      let isDead = life.value.withLock { $0?.hasCrashed ?? false }
      return isDead && request.method == .patch ? .breakBefore(.unreachable("dead")) : .proceed
    }
    var training = World.training
    training.checkpoint = CheckpointSpec(everyEpochs: 1)
    let jobs = (0..<6).map { "j\($0)" }
    for job in jobs { try await world.create(job, training: training) }

    for _ in 0..<12 {
      let faults = FaultPoint(after: Int.random(in: 0...60, using: &random))
      life.value.withLock { $0 = faults }
      let line = FaultyRegistry(registry, isDead: { faults.hasCrashed })
      let worker = world.worker(engine: engine, registry: line, spoolFaults: faults, grace: .milliseconds(1))
      let running = Task { await worker.run() }
      for _ in 0..<Int.random(in: 2...8, using: &random) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1: registry.behave { $0.isAway = true }
        case 2: registry.behave { $0 = .init(failsEveryThird: true) }
        default: registry.behave { $0 = .init(delay: .milliseconds(30)) }
        }
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...120, using: &random)))
        if faults.hasCrashed { break }
      }
      faults.crash()
      running.cancel()
      await running.value
    }
    registry.behave { $0 = .init() }
    life.value.withLock { $0 = nil }
    try await with(world.worker(engine: engine, registry: registry)) {
      for job in jobs {
        try await world.wait(for: "\(job)-0-0", "its end, seed \(seed)", seconds: 40) {
          $0.isTerminal && $0.reporting == nil
        }
      }
    }
    for job in jobs {
      let status = try await world.status("\(job)-0-0")
      #expect(status?.state == .succeeded, "seed \(seed), \(job): \(String(describing: status))")
      #expect(status?.model?.id == "\(job)/v1", "seed \(seed)")
      let history = try await world.registry.history(run: "uid-of-\(job)").filter { $0.scope == .epoch }
      #expect(history.map(\.key.epoch) == [1, 2, 3, 4], "seed \(seed), \(job)")
      // A record is sent beside the last report, and may be lost with a worker that is killed just then; a model may not.
      let state = try? await world.registry.run("uid-of-\(job)").state
      #expect([nil, "Running", "Succeeded"].contains(state), "seed \(seed), \(job)")
      let bytes = try await world.registry.modelFile(job, version: "v1", file: "model.bin")
      #expect(String(decoding: bytes, as: UTF8.self) == WorkerControlTests.twentySteps, "seed \(seed), \(job)")
    }
    #expect(try await world.registry.listModels().count == jobs.count, "seed \(seed)")
    #expect(!FileManager.default.fileExists(atPath: world.root.path + "/spool/pod-uid"), "seed \(seed)")
  }
}
