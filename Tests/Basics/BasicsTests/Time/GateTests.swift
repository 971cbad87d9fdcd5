import TestSupport
import Testing

@testable import Basics

@Suite struct GateTests {
  @Test func `an open gate lets everybody through, early and late`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let gate = Gate()
    let passed = try simulation.run {
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<3 { group.addTask { (try? await gate.wait()) != nil } }
        try? await clock.sleep(for: .seconds(1))
        gate.open()
        gate.open()
        group.addTask { (try? await gate.wait()) != nil }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
    }
    #expect(passed == 4)
    #expect(gate.isOpen)
  }

  @Test func `who is cancelled stops waiting`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let gate = Gate()
    #expect(throws: CancellationError.self) {
      try simulation.run {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await gate.wait() }
          try? await clock.sleep(for: .seconds(1))
          group.cancelAll()
          try await group.waitForAll()
        }
      }
    }
  }
}

@Suite struct DeadlineTests {
  @Test(arguments: [(1, true), (5, false)])
  func `an operation ends by its deadline or not at all`(seconds: Int, inTime: Bool) throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let value = try simulation.run {
      try await until(clock.now + .seconds(3), on: clock) {
        try await clock.sleep(for: .seconds(seconds))
        return 7
      }
    }
    #expect(value == (inTime ? 7 : nil))
    #expect(clock.now == .seconds(inTime ? 1001 : 1003))
  }
}
