import Basics
import FleetAPI
import Foundation
import KubeRuntime
import Registries
import TestSupport
import Testing

@testable import WorkerAgent

/// Reports of several runs: one that cannot be sent, or takes long, holds up its own run alone.
@Suite(.timeLimit(.minutes(2))) struct ReportLanesTests {
  private let world: World
  private let registry: FaultyRegistry
  private let options: SpoolOptions

  init() throws {
    world = try World()
    registry = FaultyRegistry(world.registry)
    options = SpoolOptions(directory: world.root.path + "/spool/w")
  }

  @Test func aRunThatIsNotTakenHoldsUpNoOther() async throws {
    registry.behave { $0.poisoned = ["bad"] }
    let process = SenderProcess(registry, options: options)
    for epoch in 1...20 {
      await process.sender.add(.history([Made.point(epoch)], run: "bad"))
      await process.sender.add(.history([Made.point(epoch)], run: "good"))
    }
    let model = await process.sender.submit(Made.model("good"))
    #expect(await process.sender.settle("good", within: .seconds(10)))
    guard case .registered? = await process.sender.outcome(of: model, within: .seconds(10)) else {
      throw Waited(what: "the model of the good run")
    }
    #expect(await process.sender.unsent(of: "good") == nil)
    #expect(await process.sender.unsent(of: "bad")?.reason == "RegistryUnavailable")
    registry.behave { $0.poisoned = [] }
    await process.sender.tryNow()
    #expect(await process.sender.settle("bad", within: .seconds(10)), "what is mended heals")
    #expect(try await world.registry.history(run: "bad").map(\.key.epoch) == Array(1...20))
    await process.end()
  }

  @Test func aModelThatTakesLongHoldsUpNoOther() async throws {
    registry.behave { $0.slowModels = ["slow": .seconds(3)] }
    let process = SenderProcess(registry, options: options)
    let begun = ContinuousClock.now
    _ = await process.sender.submit(Made.model("slow"))
    for run in ["a", "b", "c"] {
      let model = await process.sender.submit(Made.model(run))
      guard case .registered? = await process.sender.outcome(of: model, within: .seconds(10)) else {
        throw Waited(what: "the model of \(run)")
      }
    }
    #expect(ContinuousClock.now - begun < .seconds(3), "nobody waited for the slow one")
    #expect(await process.sender.pending(of: "slow") == 1)
    await process.end()
  }

  @Test func aKeptModelIsNeverThereWithoutTheHistoryBeforeIt() async throws {
    registry.behave { $0.isAway = true }
    let first = SenderProcess(registry, options: options)
    await first.sender.add(.history([Made.point(1)], run: "r"))
    let model = await first.sender.submit(Made.model("r"))
    #expect(await first.sender.secure(model) == nil)
    await first.kill()
    registry.behave { $0.isAway = false }
    let second = SenderProcess(registry, options: options)
    #expect(await second.sender.claimModel(run: "r", fingerprint: nil) != nil)
    #expect(await second.sender.settle("r", within: .seconds(10)))
    #expect(try await world.registry.history(run: "r").map(\.key.epoch) == [1])
    await second.end()
  }

  // MARK: Decisions

  private func entry(_ number: Int, _ run: String) -> SpoolEntry {
    SpoolEntry(number: number, header: SpoolHeader(kind: .history, run: run), report: .history([], run: run))
  }

  private func number(_ step: ReportLanes.Step) -> Int? {
    if case .send(let entry) = step { entry.number } else { nil }
  }

  @Test func lanesTakeTurnsAndKeepTheirOrder() {
    var lanes = ReportLanes()
    var entries = [entry(1, "a"), entry(2, "a"), entry(3, "b"), entry(4, "c"), entry(5, "d")]
    var sent: [Int] = []
    while let next = number(lanes.next(of: entries, at: .zero)) {
      let run = entries.first { $0.number == next }?.run ?? ""
      lanes.begin(run, at: .zero)
      sent.append(next)
      lanes.done(run)
      entries.removeAll { $0.number == next }
    }
    #expect(sent == [1, 3, 4, 5, 2])
  }

  @Test func aFewAreSentAtATimeAndOneOfEachRun() {
    var lanes = ReportLanes()
    let entries = [entry(1, "a"), entry(2, "a"), entry(3, "b"), entry(4, "c"), entry(5, "d")]
    for run in ["a", "b", "c"] { lanes.begin(run, at: .zero) }
    #expect(number(lanes.next(of: entries, at: .zero)) == nil, "three are under way")
    lanes.done("b")
    #expect(number(lanes.next(of: entries, at: .zero)) == 5, "a and c are under way, b was served")
  }

  @Test func aLaneThatFailedWaitsAndOthersDoNot() {
    var lanes = ReportLanes()
    let entries = [entry(1, "a"), entry(2, "b")]
    lanes.begin("a", at: .zero)
    lanes.failed("a", .unavailable(detail: "away"), at: .zero) { .seconds($0) }
    #expect(number(lanes.next(of: entries, at: .zero)) == 2)
    lanes.begin("b", at: .zero)
    guard case .wait(let time) = lanes.next(of: entries, at: .zero) else {
      Issue.record("nothing is due")
      return
    }
    #expect(time == .seconds(1))
    #expect(number(lanes.next(of: entries, at: .seconds(1))) == 1)
    lanes.hurry()
    #expect(number(lanes.next(of: entries, at: .zero)) == 1)
  }
}
