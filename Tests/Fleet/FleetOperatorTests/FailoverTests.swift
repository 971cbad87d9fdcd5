import Basics
import FleetAPI
import FleetOperator
import KubeTypes
import TestSupport
import Testing

/// Two replicas of the operator, of which one leads, in virtual time.
@Suite struct FailoverTests {
  /// Two replicas, a pool, workers that work, and jobs; `body` begins when both views are complete and one leads.
  private func simulate(
    seed: UInt64 = 1, jobs: Int = 4, _ body: @escaping @Sendable (TestFleet, _ leader: String) async throws -> Void
  ) throws {
    let simulation = Simulation(seed: seed)
    let fleet = try TestFleet(seed: seed, simulation: simulation)
    let node = PretendedNode(fleet.client, behaviour: .init(step: .milliseconds(200)), clock: fleet.clock)
    try simulation.run {
      fleet.helper { await node.run() }
      for name in ["a", "b"] { fleet.startOperator(name, elects: true) }
      try await fleet.createPool(replicas: 2)
      for number in 0..<jobs { try await fleet.createJob("job-\(number)") }
      #expect(try await fleet.eventually { try await fleet.leader() != nil })
      #expect(
        try await fleet.eventually {
          ["a", "b"].allSatisfy { fleet.fleetOperator($0)?.view.readinessProblem == nil }
        }, "whoever waits for the lease keeps its view as well")
      try await body(fleet, try #require(try await fleet.leader()))
      #expect(fleet.faults.violations == [], "seed \(seed)")
      await fleet.stop()
    }
  }

  private static func other(than name: String) -> String { name == "a" ? "b" : "a" }

  @Test func `a cold start lists each kind once a replica, a failover lists nothing`() throws {
    try simulate { fleet, leader in
      #expect(fleet.faults.lists == 8)
      fleet.killOperator(leader)
      let next = Self.other(than: leader)
      #expect(try await fleet.eventually(within: .seconds(30)) { try await fleet.leader() == next })
      #expect(try await fleet.eventually { try await fleet.jobs().allSatisfy(\.hasSucceeded) })
      try await fleet.createJob("later")
      #expect(try await fleet.eventually { try await fleet.job("later").hasSucceeded })
      #expect(fleet.faults.lists == 8)
    }
  }

  @Test func `an orderly end hands the lease over at once`() throws {
    try simulate { fleet, leader in
      let start = fleet.clock.now
      await fleet.stopOperator(leader)
      let holder = try await fleet.leader()
      #expect(holder == nil)
      let next = Self.other(than: leader)
      #expect(try await fleet.eventually { try await fleet.leader() == next })
      #expect(fleet.clock.now - start < .seconds(6))
      #expect(try await fleet.eventually { try await fleet.jobs().allSatisfy(\.hasSucceeded) })
    }
  }

  @Test func `a leader frozen in the middle of its writes makes none when it thaws, and stays a candidate`() throws {
    try forEachSeed(10) { seed in
      try simulate(seed: seed, jobs: 0) { fleet, leader in
        let next = Self.other(than: leader)
        #expect(try await fleet.eventually { try await fleet.pods().count == 2 })
        for number in 0..<6 { try await fleet.createJob("job-\(number)") }
        // Reconciles of these jobs are under way.
        try await fleet.clock.sleep(for: .milliseconds(25))
        fleet.freezeOperator(leader)
        #expect(try await fleet.eventually(within: .seconds(40)) { try await fleet.leader() == next })
        #expect(try await fleet.eventually { try await fleet.jobs().allSatisfy(\.hasSucceeded) }, "seed \(seed)")
        fleet.thawOperator(leader)
        try await fleet.clock.sleep(for: .seconds(5))
        fleet.killOperator(next)
        #expect(try await fleet.eventually(within: .seconds(40)) { try await fleet.leader() == leader })
        try await fleet.createJob("later")
        #expect(try await fleet.eventually { try await fleet.job("later").hasSucceeded }, "seed \(seed)")
      }
    }
  }
}
