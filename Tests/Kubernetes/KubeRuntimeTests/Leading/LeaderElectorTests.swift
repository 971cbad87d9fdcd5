import Basics
import KubeAccess
import KubeTypes
import Logging
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct LeaderElectorTests {
  static let path = "/apis/coordination.k8s.io/v1/namespaces/ns/leases/lead"
  static var quiet: Logger { Logger(label: "t") { _ in SwiftLogNoOpLogHandler() } }

  private func elector(
    _ name: String, _ transport: FakeTransport, _ simulation: Simulation, clock: (any RuntimeClock)? = nil,
    seed: UInt64 = 1, registry: PrometheusRegistry = PrometheusRegistry()
  ) -> LeaderElector {
    LeaderElector(
      client: KubeClient(transport: transport), namespace: "ns", name: "lead", identity: name,
      clock: clock ?? simulation.clock, random: SplitMix64(seed: seed), metrics: registry, executor: simulation,
      log: Self.quiet)
  }

  /// Who leads, by what the bodies do and by what the electors say.
  final class Throne: Sendable {
    struct State {
      var running: Set<String> = []
      var violations: [String] = []
      var reigns: [(name: String, from: Duration)] = []
    }
    let state = Mutex(State())
    func enter(_ name: String, _ now: Duration) {
      state.withLock { state in
        if !state.running.isEmpty { state.violations.append("\(name) enters beside \(state.running) at \(now)") }
        state.running.insert(name)
        state.reigns.append((name, now))
      }
    }
    func leave(_ name: String) { _ = state.withLock { $0.running.remove(name) } }
    var reigns: [(name: String, from: Duration)] { state.withLock { $0.reigns } }
    var violations: [String] { state.withLock { $0.violations } }
  }

  @Test func `the first candidate leads, runs its body and gives the lease back`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let registry = PrometheusRegistry()
    let elector = elector("a", FakeTransport(api: api), simulation, registry: registry)
    let clock = simulation.clock
    try simulation.run {
      try await elector.run {
        #expect(elector.isLeader)
        #expect(registry.render().contains("leader_election_master_status{name=\"lead\"} 1\n"))
        try await clock.sleep(for: .seconds(60))
        #expect(elector.isLeader, "renewed in the meantime")
      }
    }
    #expect(!elector.isLeader)
    #expect(registry.render().contains("leader_election_master_status{name=\"lead\"} 0\n"))
    let lease = api.object(Self.path)
    #expect(lease?[path: ["spec", "holderIdentity"]]?.stringValue == "")
    #expect(lease?[path: ["spec", "leaseDurationSeconds"]]?.intValue == 1)
    #expect(api.requests.filter { $0.method == .get }.count == 1, "a leader renews with one request")
  }

  @Test func `what the body throws comes out, and the lease is given back`() throws {
    struct Broken: Error {}
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let elector = elector("a", FakeTransport(api: api), simulation)
    #expect(throws: Broken.self) { try simulation.run { try await elector.run { throw Broken() } } }
    #expect(api.object(Self.path)?[path: ["spec", "holderIdentity"]]?.stringValue == "")
  }

  @Test func `a cancelled leader keeps the lease until its body has ended`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let clock = simulation.clock
    let elector = elector("a", FakeTransport(api: api), simulation)
    try simulation.run {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          try? await elector.run {
            try? await clock.sleep(for: .seconds(10_000))
            // Winds down for longer than a lease lasts.
            await Task(executorPreference: simulation) { try? await clock.sleep(for: .seconds(40)) }.value
            #expect(elector.isLeader)
            #expect(api.object(Self.path)?[path: ["spec", "holderIdentity"]]?.stringValue == "a")
          }
        }
        try? await clock.sleep(for: .seconds(5))
        group.cancelAll()
      }
    }
    #expect(clock.now == .seconds(1045))
    #expect(api.object(Self.path)?[path: ["spec", "holderIdentity"]]?.stringValue == "")
  }

  @Test func `a candidate that is cancelled while it waits throws CancellationError and leaves the lease alone`() throws
  {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let clock = simulation.clock
    let leader = elector("a", FakeTransport(api: api), simulation)
    let waiting = elector("b", FakeTransport(api: api), simulation, seed: 2)
    let error = try simulation.run { () -> (any Error)? in
      await withTaskGroup(of: (any Error)?.self) { group in
        group.addTask {
          try? await leader.run { try await clock.sleep(for: .seconds(30)) }
          return nil
        }
        try? await clock.sleep(for: .seconds(5))
        let candidate = Task(executorPreference: simulation) { () -> (any Error)? in
          do { try await waiting.run { Issue.record("b must not lead") } } catch { return error }
          return nil
        }
        try? await clock.sleep(for: .seconds(7))
        #expect(waiting.holder == "a")
        candidate.cancel()
        return await candidate.value
      }
    }
    #expect(error is CancellationError)
  }

  @Test func `a leader counts its time from before a renewal was sent, however late the answer comes`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let slowFrom = clock.now + .seconds(20)
    let lastWrite = Box(Duration?.none)
    let transport = FakeTransport(
      api: FakeAPI(),
      before: { _ in
        // One write arrives at once and is answered late; after it nothing arrives any more.
        if lastWrite.value.withLock({ $0 }) != nil { throw APITransportError.unreachable("cut off") }
        return nil
      },
      after: { _ in
        guard clock.now >= slowFrom else { return }
        lastWrite.value.withLock { $0 = clock.now }
        try await clock.sleep(for: .seconds(7))
      })
    let elector = elector("a", transport, simulation)
    let ended = Box(Duration.zero)
    #expect(throws: LeadershipLost.self) {
      try simulation.run {
        try await elector.run {
          defer { ended.value.withLock { $0 = clock.now } }
          try await clock.sleep(for: .seconds(1000))
        }
      }
    }
    let after = ended.value.withLock { $0 } - (lastWrite.value.withLock { $0 } ?? .zero)
    #expect(after > .seconds(7) && after <= .seconds(10), "\(after) after the write that the others saw")
  }

  @Test func `a candidate cancelled while its request is under way leaves no lease behind`() throws {
    try forEachSeed(40) { seed in
      let simulation = Simulation(seed: seed)
      let api = FakeAPI()
      let clock = simulation.clock
      let slow = FakeTransport(
        api: api,
        before: { _ in
          try await clock.sleep(for: .milliseconds(100))
          return nil
        })
      let candidate = elector("a", slow, simulation)
      try simulation.run {
        let run = Task(executorPreference: simulation) { try await candidate.run {} }
        // The look takes 100 ms, and the creation as much: cancelled about when its answer comes.
        try await clock.sleep(for: .milliseconds(200))
        run.cancel()
        _ = await run.result
      }
      let holder = api.object(Self.path)?[path: ["spec", "holderIdentity"]]?.stringValue ?? ""
      #expect(holder == "", "seed \(seed)")
    }
  }

  @Test func `a leader that cannot renew stops its body before the lease runs out`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let clock = simulation.clock
    let start = clock.now
    let cut = start + .seconds(20)
    let transport = FakeTransport(
      api: api,
      before: { _ in
        guard clock.now >= cut else { return nil }
        try await clock.sleep(for: .seconds(30))
        throw APITransportError.unreachable("cut off")
      })
    let elector = elector("a", transport, simulation)
    let end = Box(Duration.zero)
    #expect(throws: LeadershipLost.self) {
      try simulation.run {
        try await elector.run {
          do { try await clock.sleep(for: .seconds(1000)) } catch {
            #expect(!elector.isLeader)
            end.value.withLock { $0 = clock.now }
            throw error
          }
        }
      }
    }
    let lasted = end.value.withLock { $0 } - cut
    #expect(lasted <= .seconds(10) && lasted >= .seconds(8), "\(lasted)")
  }

  final class Box<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
  }

  /// - Parameter orderly: whether the leader ends by itself, or is gone without a word.
  @Test(arguments: [true, false])
  func `the next candidate takes over: at once after an orderly end, else when the lease has run out`(orderly: Bool)
    throws
  {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let clock = simulation.clock
    let killed = Box(false)
    let first = FakeTransport(
      api: api,
      before: { _ in
        // From a killed process nothing comes any more.
        if killed.value.withLock({ $0 }) { throw APITransportError.unreachable("killed") }
        return nil
      })
    let leader = elector("a", first, simulation)
    let next = elector("b", FakeTransport(api: api), simulation, seed: 3)
    let waited = try simulation.run {
      try await withThrowingTaskGroup(of: Duration?.self) { group in
        group.addTask {
          try? await leader.run { try await clock.sleep(for: .seconds(20)) }
          return nil
        }
        try await clock.sleep(for: .seconds(1))
        group.addTask {
          try await next.run {}
          return clock.now
        }
        try await clock.sleep(for: .seconds(18))
        if !orderly { killed.value.withLock { $0 = true } }
        let silent = clock.now
        return try await group.reduce(Duration.zero) { max($0, $1 ?? .zero) } - silent
      }
    }
    // Within two pauses of at most 4.4 s, after a lease of 15 s that was renewed up to 2 s before.
    if orderly { #expect(waited <= .seconds(1) + .seconds(5)) }
    if !orderly { #expect(waited > .seconds(12) && waited < .seconds(24), "\(waited)") }
  }

  /// Three candidates with clocks that differ in reading and rate, a network that delays, loses and cuts.
  @Test func `whatever the network does there is one leader at most, and one again when it heals`() throws {
    var handovers = 0
    try forEachSeed(20) { seed in
      let simulation = Simulation(seed: seed)
      let clock = simulation.clock
      let api = FakeAPI()
      let throne = Throne()
      let healed = clock.now + .seconds(900)
      let end = clock.now + .seconds(1100)
      var random = SplitMix64(seed: seed)
      var electors: [(String, LeaderElector)] = []
      for name in ["a", "b", "c"] {
        let faults = Box(SplitMix64(seed: random.next()))
        // Cut off from time to time, for up to a minute.
        var cuts: [Range<Duration>] = []
        var at = clock.now
        while at < healed {
          let from = at + .seconds(Int.random(in: 5..<120, using: &random))
          at = from + .seconds(Int.random(in: 1..<60, using: &random))
          cuts.append(min(from, healed)..<min(at, healed))
        }
        let windows = cuts
        @Sendable func trouble() async throws {
          let roll = faults.value.withLock { Double.random(in: 0..<1, using: &$0) }
          if windows.contains(where: { $0.contains(clock.now) }) {
            try await clock.sleep(for: .seconds(roll * 20))
            throw APITransportError.unreachable("cut off")
          }
          guard clock.now < healed else { return }
          if roll < 0.05 { throw APITransportError.unreachable("lost") }
          try await clock.sleep(for: .seconds(roll < 0.15 ? roll * 100 : roll))
        }
        let transport = FakeTransport(
          api: api,
          before: { _ in
            try await trouble()
            return nil
          },
          after: { _ in try await trouble() })
        let drifting = DriftingClock(
          base: clock, rate: Double.random(in: 0.93...1.07, using: &random),
          offset: .seconds(Int.random(in: 0..<100_000, using: &random)))
        electors.append((name, elector(name, transport, simulation, clock: drifting, seed: random.next())))
      }
      let candidates = electors
      try simulation.run {
        await withTaskGroup(of: Void.self) { group in
          for (name, elector) in candidates {
            group.addTask {
              while !Task.isCancelled {
                try? await elector.run {
                  throne.enter(name, clock.now)
                  defer { throne.leave(name) }
                  while true {
                    try await clock.sleep(for: .milliseconds(700))
                    let others = candidates.filter { $0.0 != name && $0.1.isLeader }.map(\.0)
                    if elector.isLeader, !others.isEmpty {
                      throne.state.withLock { $0.violations.append("\(name) and \(others) lead at \(clock.now)") }
                    }
                  }
                }
              }
            }
          }
          group.addTask {
            try? await clock.sleep(until: healed + .seconds(60))
            #expect(candidates.contains { $0.1.isLeader }, "seed \(seed): nobody leads a minute after all is well")
            try? await clock.sleep(until: end)
          }
          try? await clock.sleep(until: end)
          group.cancelAll()
        }
      }
      #expect(throne.violations.isEmpty, "seed \(seed): \(throne.violations)")
      handovers += throne.reigns.count - 1
    }
    print("leader election: \(handovers) handovers in 20 simulated runs")
    #expect(handovers > 60, "the test must see leaders change")
  }
}
