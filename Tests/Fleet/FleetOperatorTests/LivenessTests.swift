import Basics
import FleetOperator
import KubeTypes
import TestSupport
import Testing

/// When the operator asks to be restarted.
@Suite struct LivenessTests {
  @Test(
    arguments: [
      ([], nil), ([(950, 100)], nil), ([(900, 100)], nil),
      ([(899, 100)], "loop 0 has not moved for 101 s"),
      ([(899, 100), (990, 100), (0, 500)], "loop 0 has not moved for 101 s; loop 2 has not moved for 1000 s"),
    ] as [([(last: Int, limit: Int)], String?)])
  func `only a loop that stands still for longer than it may is a reason`(
    loops: [(last: Int, limit: Int)], problem: String?
  ) {
    let pulses = loops.enumerated().map { number, loop in
      Pulse("loop \(number)", last: .seconds(loop.last), limit: .seconds(loop.limit))
    }
    #expect(Liveness.problem(of: pulses, at: .seconds(1000)) == problem)
  }

  @Test func `a quiet hour, and one without a server, are no reason; a process that stands still is one`() throws {
    let simulation = Simulation(seed: 1)
    let fleet = try TestFleet(seed: 1, simulation: simulation)
    try simulation.run {
      fleet.startOperator("a", elects: true)
      try await fleet.createPool(replicas: 1)
      let replica = try #require(fleet.fleetOperator("a"))
      for _ in 0..<60 {
        try await fleet.clock.sleep(for: .seconds(60))
        #expect(replica.livenessProblem == nil)
      }
      fleet.cutOff("a")
      for _ in 0..<60 {
        try await fleet.clock.sleep(for: .seconds(60))
        #expect(replica.livenessProblem == nil)
      }
      fleet.freezeOperator("a")
      try await fleet.clock.sleep(for: .seconds(1200))
      let problem = replica.livenessProblem ?? ""
      #expect(problem.contains("the view of jobs has not moved for"))
      #expect(problem.contains("the election has not moved for"))
      await fleet.stop()
    }
  }
}
