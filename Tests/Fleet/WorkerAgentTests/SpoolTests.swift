import Basics
import FleetAPI
import Foundation
import KubeRuntime
import Registries
import Synchronization
import Testing
import WorkerAgent

/// What is on its way to the registry, whatever happens to the registry, the disk and the process.
@Suite(.timeLimit(.minutes(2))) struct SpoolTests {
  let world: World
  let registry: FaultyRegistry
  let options: SpoolOptions

  init() throws {
    world = try World()
    registry = FaultyRegistry(world.registry)
    options = SpoolOptions(directory: world.root.path + "/spool/w")
  }

  private func process(_ options: SpoolOptions? = nil, dies: Int = .max, refusing: FaultPoint? = nil) -> SenderProcess {
    SenderProcess(registry, options: options ?? self.options, dies: dies, refusing: refusing)
  }

  private func deliver(_ process: SenderProcess, _ runs: String..., seconds: Double = 20) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    for run in runs {
      repeat {
        await process.sender.tryNow()
        if await process.sender.settle(run, within: .milliseconds(100)) { break }
      } while ContinuousClock.now < deadline
    }
    guard ContinuousClock.now < deadline else { throw Waited(what: "\(runs) are not delivered") }
  }

  private var entries: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: options.directory + "/entries")) ?? []).sorted()
  }

  // MARK: The normal case

  @Test func aRegistryThatAnswersGetsEverythingWithoutADetour() async throws {
    let process = process()
    await process.sender.add(.run(Made.record("r", state: "Running")))
    for epoch in 1...50 { await process.sender.add(.history([Made.point(epoch)], run: "r")) }
    let model = await process.sender.submit(Made.model("r"))
    let outcome = await process.sender.outcome(of: model, within: .seconds(10))
    guard case .registered(let record)? = outcome else { throw Waited(what: "\(String(describing: outcome))") }
    #expect(record.version == "v1")
    #expect(await process.sender.settle("r", within: .seconds(5)))
    #expect(await process.sender.unsent(of: "r") == nil)
    #expect(process.faults.steps.isEmpty, "nothing was written to disk")
    await process.end()
    #expect(try await world.registry.history(run: "r").map(\.key.epoch) == Array(1...50))
    #expect(!FileManager.default.fileExists(atPath: options.directory))
  }

  // MARK: Outages and kills

  @Test func whatTheRegistryDoesNotTakeIsTakenUpByTheNextProcess() async throws {
    registry.behave { $0.isAway = true }
    let first = process()
    await first.sender.add(.run(Made.record("r", state: "Running")))
    await first.sender.add(.run(Made.record("r", state: "Succeeded")))
    for epoch in 1...600 { await first.sender.add(.history([Made.point(epoch)], run: "r")) }
    for step in 1...3 { await first.sender.add(.checkpoint(Made.checkpoint("r", step: step))) }
    let model = await first.sender.submit(Made.model("other"))
    #expect(await first.sender.secure(model) == nil)
    #expect(await first.sender.persist())
    #expect(await first.sender.memoryBytes == 0)
    await first.kill()
    let attributes = try FileManager.default.attributesOfItem(atPath: options.directory)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)

    let second = process()
    #expect(await second.sender.checkpoint(run: "r", fingerprint: "f")?.step == 3)
    #expect(await second.sender.checkpoint(run: "r", fingerprint: "g") == nil)
    #expect(await second.sender.claimModel(run: "other", fingerprint: nil) != nil)
    #expect(await second.sender.claimModel(run: "r", fingerprint: nil) == nil)
    registry.behave { $0.isAway = false }
    try await deliver(second, "r", "other")
    await second.end()
    #expect(try await world.registry.history(run: "r").map(\.key.epoch) == Array(1...600))
    #expect(try await world.registry.run("r").state == "Succeeded")
    #expect(try await world.registry.newestCheckpoint(run: "r", fingerprint: "f") == Made.checkpoint("r", step: 3))
    let bytes = try await world.registry.modelFile("model-of-other", version: "v1", file: "model.safetensors")
    #expect(Data(bytes) == Made.model("other").files[0].data)
    #expect(entries.count == 1, "a model stays until somebody has written down what became of it")
  }

  @Test(arguments: [1, 2, 3, .random(in: 4...1_000_000)] as [UInt64])
  func whateverBreaksEverythingArrivesOnceAndInOrder(seed: UInt64) async throws {
    print("spool seed: \(seed)")
    var random = SplitMix64(seed: seed)
    var wanted: [String: (points: Set<HistoryPoint.Key>, state: String, step: Int, hasModel: Bool)] = [:]
    var life = 0
    var process = process(dies: Int.random(in: 0...120, using: &random))
    for turn in 0..<60 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: registry.behave { $0.isAway = true }
      case 1:
        registry.behave { $0 = .init(failsEveryThird: true) }
        await process.sender.tryNow()
      case 2: registry.behave { $0 = .init(delay: .milliseconds(2)) }
      default: break
      }
      // A training says these things again after a crash, for it goes on from before.
      let run = "run-\(Int.random(in: 0..<4, using: &random))"
      var said = wanted[run] ?? ([], "", 0, false)
      let points = (0..<Int.random(in: 1...30, using: &random)).map {
        Made.point(turn, step: $0, scope: $0 == 0 ? .epoch : .step)
      }
      said.points.formUnion(points.map(\.key))
      said.state = "State\(turn)"
      said.step = turn
      let hasModel = turn > 30 && !said.hasModel
      said.hasModel = said.hasModel || hasModel
      wanted[run] = said
      while true {
        let sender = process.sender
        await sender.add(.run(Made.record(run, state: said.state)))
        for point in points { await sender.add(.history([point], run: run)) }
        await sender.add(.checkpoint(Made.checkpoint(run, step: said.step, bytes: 5000)))
        // Nobody is there to wait for it in this play.
        if hasModel { await sender.add(.model(Made.model(run))) }
        if await sender.persist() { break }
        await process.kill()
        life += 1
        process = self.process(dies: Int.random(in: 0...200, using: &random))
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        await process.kill()
        life += 1
        process = self.process(dies: Int.random(in: 0...200, using: &random))
      }
    }
    #expect(life > 3, "seed \(seed): it was killed \(life) times")
    await process.kill()
    registry.behave { $0 = .init() }
    let last = self.process()
    for run in wanted.keys { try await deliver(last, run) }
    #expect(await last.sender.memoryBytes == 0)
    #expect(await last.sender.diskBytes == 0)
    await last.end()
    for (run, said) in wanted {
      let history = try await world.registry.history(run: run).map(\.key)
      #expect(history == said.points.sorted(), "seed \(seed), \(run)")
      #expect(try await world.registry.run(run).state == said.state, "seed \(seed), \(run)")
      let checkpoint = try await world.registry.newestCheckpoint(run: run, fingerprint: "f")
      #expect(checkpoint?.step == said.step || said.hasModel, "seed \(seed), \(run)")
    }
    let models = try await world.registry.listModels().map(\.id)
    #expect(models.sorted() == wanted.filter(\.value.hasModel).map { "model-of-\($0.key)/v1" }.sorted(), "seed \(seed)")
    #expect(!FileManager.default.fileExists(atPath: options.directory), "nothing is left on disk")
  }

  @Test func aProcessKilledAtAnyStepOfWritingLosesNothingThatWasKept() async throws {
    var step = 0
    while true {
      let run = "r\(step)"
      registry.behave { $0.isAway = true }
      let first = process(dies: .max)
      await first.sender.add(.run(Made.record(run, state: "Running")))
      await first.sender.add(.history([Made.point(1)], run: run))
      #expect(await first.sender.persist())
      await first.kill()
      let second = process(dies: step)
      await second.sender.add(.run(Made.record(run, state: "Succeeded")))
      await second.sender.add(.history([Made.point(2)], run: run))
      let isKept = await second.sender.persist()
      await second.kill()
      registry.behave { $0.isAway = false }
      let third = process()
      try await deliver(third, run)
      await third.end()
      let history = try await world.registry.history(run: run).map(\.key.epoch)
      let state = try await world.registry.run(run).state
      #expect(isKept ? history == [1, 2] : [[1], [1, 2]].contains(history), "step \(step)")
      #expect(isKept ? state == "Succeeded" : ["Running", "Succeeded"].contains(state), "step \(step)")
      if isKept { break }
      step += 1
    }
    #expect(step > 10)
  }

  @Test func aTornEntryIsPassedOver() async throws {
    registry.behave { $0.isAway = true }
    let first = process()
    for run in ["a", "b", "c"] { await first.sender.add(.run(Made.record(run, state: "Succeeded"))) }
    #expect(await first.sender.persist())
    await first.kill()
    let names = entries
    #expect(names.count == 3)
    let path = options.directory + "/entries/" + names[0]
    let whole = try Data(contentsOf: URL(filePath: path))
    try whole.dropLast(1).write(to: URL(filePath: path))
    try Data().write(to: URL(filePath: options.directory + "/entries/000000000009"))
    var altered = try Data(contentsOf: URL(filePath: options.directory + "/entries/" + names[1]))
    altered[altered.count - 3] ^= 1
    try altered.write(to: URL(filePath: options.directory + "/entries/" + names[1]))
    registry.behave { $0.isAway = false }
    let second = process()
    try await deliver(second, "a", "b", "c")
    await second.end()
    #expect(try await world.registry.listRuns().map(\.id) == ["c"])
  }

  @Test func aDamagedBatchStandsInNobodysWay() async throws {
    registry.behave { $0.isAway = true }
    let process = process()
    await process.sender.add(.history([Made.point(1)], run: "r"))
    #expect(await process.sender.persist())
    let path = options.directory + "/entries/" + (entries.first ?? "")
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: URL(filePath: path))
    await process.sender.add(.history([Made.point(2)], run: "r"))
    #expect(await process.sender.persist())
    registry.behave { $0.isAway = false }
    try await deliver(process, "r")
    await process.end()
    #expect(try await world.registry.history(run: "r").map(\.key.epoch) == [2])
  }

  // MARK: Bounds

  @Test func aSpoolStaysWithinItsBytesAndThinsOldHistoryFirst() async throws {
    let options = SpoolOptions(directory: options.directory, maximumBytes: 300_000)
    registry.behave { $0.isAway = true }
    let process = process(options)
    var most = (disk: 0, memory: 0)
    for epoch in 1...240 {
      let steps = (1...9).map { Made.point(epoch - 1, step: epoch * 10 + $0, scope: .step) }
      await process.sender.add(.history(steps + [Made.point(epoch, step: epoch * 10 + 10)], run: "r"))
      await process.sender.add(.checkpoint(Made.checkpoint("r", step: epoch, bytes: 20_000)))
      if epoch.isMultiple(of: 10) { await process.sender.persist() }
      most = (max(most.disk, await process.sender.diskBytes), max(most.memory, await process.sender.memoryBytes))
    }
    await process.sender.add(.run(Made.record("r", state: "Succeeded")))
    await process.sender.add(.model(Made.model("m", bytes: 100_000)))
    #expect(await process.sender.persist())
    #expect(most.disk <= 300_000, "\(most)")
    #expect(most.memory <= 200_000, "\(most)")
    registry.behave { $0.isAway = false }
    try await deliver(process, "r", "m")
    await process.end()
    let history = try await world.registry.history(run: "r")
    #expect(history.last?.key.epoch == 240)
    #expect(history.filter { $0.scope == .epoch }.count > 60, "the curve is still there")
    #expect(history.count < 2400)
    let newer = history.filter { $0.key.epoch > 120 }.count
    #expect(newer > history.count - newer, "the oldest were thinned first")
    #expect(try await world.registry.run("r").metrics?["history_points_thinned"] == Double(2400 - history.count))
    #expect(try await world.registry.listModels().map(\.id) == ["model-of-m/v1"])
  }

  @Test func aModelThatDoesNotFitWaitsAndIsNeverDropped() async throws {
    let options = SpoolOptions(directory: options.directory, maximumBytes: 150_000)
    registry.behave { $0.isAway = true }
    let process = process(options)
    let first = await process.sender.submit(Made.model("a", bytes: 100_000))
    #expect(await process.sender.secure(first) == nil)
    let second = await process.sender.submit(Made.model("b", bytes: 100_000))
    let why = await process.sender.secure(second)
    #expect(why?.reason == "SpoolFull")
    #expect(why?.message.contains("150000") == true, "\(String(describing: why))")
    registry.behave { $0.isAway = false }
    try await deliver(process, "a", "b")
    #expect(await process.sender.diskBytes > 0, "it is claimed")
    await process.sender.release(first)
    #expect(await process.sender.diskBytes == 0)
    await process.end()
    #expect(try await world.registry.listModels().count == 2)
  }

  @Test func aFullDiskKeepsABoundedPartInMemoryAndNothingHalfWritten() async throws {
    let isFull = Shared(Mutex(true))
    let refusing = FaultPoint(refusing: { step in
      guard step == .writeRest, isFull.value.withLock({ $0 }) else { return nil }
      return .io(operation: "write", path: "x", detail: "No space left on device", retryable: true)
    })
    let options = SpoolOptions(directory: options.directory, memoryBytes: 40_000)
    registry.behave { $0.isAway = true }
    let process = process(options, refusing: refusing)
    var most = 0
    for epoch in 1...2000 {
      await process.sender.add(.history([Made.point(epoch)], run: "r"))
      if epoch.isMultiple(of: 50) {
        await process.sender.add(.checkpoint(Made.checkpoint("r\(epoch)", step: epoch, bytes: 10_000)))
        #expect(await process.sender.persist() == false)
        most = max(most, await process.sender.memoryBytes)
      }
    }
    #expect(most < 40_000 + 10_000 + 5000, "\(most) bytes")
    let model = await process.sender.submit(Made.model("m"))
    #expect(await process.sender.secure(model)?.message.contains("No space left on device") == true)
    #expect(entries.isEmpty)
    let staged = try FileManager.default.contentsOfDirectory(atPath: options.directory + "/.staging")
    #expect(staged.isEmpty)
    isFull.value.withLock { $0 = false }
    #expect(await process.sender.persist())
    #expect(await process.sender.memoryBytes == 0)
    registry.behave { $0.isAway = false }
    try await deliver(process, "r", "m")
    await process.end()
    #expect(try await world.registry.history(run: "r").last?.key.epoch == 2000)
    #expect(try await world.registry.listModels().count == 1)
  }

  // MARK: What is refused for good

  @Test func whatIsRefusedForGoodStandsInNobodysWay() async throws {
    registry.behave {
      $0.refusal = .tooLarge(what: "the model", detail: "16 MiB at most")
      $0.historyRefusal = .invalidContents(detail: "no")
    }
    let process = process()
    await process.sender.add(.history([Made.point(1)], run: "r"))
    let model = await process.sender.submit(Made.model("r"))
    await process.sender.add(.run(Made.record("r", state: "Failed")))
    guard case .refused(let error)? = await process.sender.outcome(of: model, within: .seconds(5)) else {
      throw Waited(what: "a refusal")
    }
    #expect(error.reason == "TooLargeForRegistry")
    try await deliver(process, "r")
    await process.end()
    #expect(try await world.registry.run("r").state == "Failed")
  }
}
