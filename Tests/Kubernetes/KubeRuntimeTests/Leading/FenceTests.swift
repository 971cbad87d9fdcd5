import Basics
import KubeAccess
import KubeTypes
import Logging
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

/// What a leader writes through its fence: nothing once it may not lead any more, whatever it was in the middle of.
@Suite struct FenceTests {
  private static let notes = "/apis/tests.io/v1/namespaces/ns/notes"

  private func elector(
    _ name: String, _ transport: any APITransport, _ simulation: Simulation, executor: (any TaskExecutor)? = nil,
    windDownLimit: Duration = .seconds(60)
  ) -> LeaderElector {
    LeaderElector(
      client: KubeClient(transport: transport, clock: simulation.clock), namespace: "ns", name: "lead", identity: name,
      windDownLimit: windDownLimit, clock: simulation.clock, random: SplitMix64(seed: 1),
      metrics: PrometheusRegistry(), executor: executor ?? simulation, log: LeaderElectorTests.quiet)
  }

  private typealias Box = LeaderElectorTests.Box

  private final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private func direct(_ transport: any APITransport, _ simulation: Simulation) -> KubeClient {
    KubeClient(transport: transport, clock: simulation.clock)
  }

  private func write(_ name: String, _ client: KubeClient) async -> KubeError? {
    do {
      _ = try await client.resource(Note.self, namespace: "ns").create(Note(name))
      return nil
    } catch { return error }
  }

  @Test func `a leader that was frozen while another took over writes nothing more`() throws {
    try forEachSeed(20) { seed in
      let simulation = Simulation(seed: seed)
      let clock = simulation.clock
      let api = FakeAPI()
      let transport = FakeTransport(api: api)
      let process = SimulatedProcess(simulation)
      let first = elector("a", transport, simulation, executor: process)
      let second = elector("b", transport, simulation)
      let log = Log()
      try simulation.run {
        let frozen = Task(executorPreference: process) {
          try await first.run { (leadership: Leadership) in
            let client = leadership.fencing(direct(transport, simulation))
            // Goes on whatever happens, as a reconcile does.
            await Task(executorPreference: process) {
              for number in 0..<400 {
                if let error = await write("a\(number)", client) { log.note("\(error.isFenced)") }
                try? await clock.sleep(for: .milliseconds(100))
              }
            }.value
          }
        }
        try await clock.sleep(for: .seconds(5))
        #expect(first.isLeader)
        process.freeze()
        let other = Task(executorPreference: simulation) {
          try await second.run { try await clock.sleep(for: .seconds(60)) }
        }
        try await clock.sleep(for: .seconds(25))
        #expect(second.isLeader)
        let before = api.objects.keys.count { $0.hasPrefix(Self.notes) }
        #expect(before > 10)
        process.thaw()
        try await clock.sleep(for: .seconds(30))
        #expect(api.objects.keys.count { $0.hasPrefix(Self.notes) } == before, "seed \(seed)")
        _ = await frozen.result
        other.cancel()
        _ = await other.result
      }
      #expect(log.all.count > 100 && !log.all.contains("false"), "seed \(seed): refused, and as fenced")
    }
  }

  @Test func `what a busy server asks to repeat is not repeated when the lease is gone`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let cut = Box(false)
    let transport = FakeTransport(
      api: api,
      before: { request in
        if request.path.hasPrefix(Self.notes) { return APIResponse(status: 429, retryAfter: 8) }
        if cut.value.withLock({ $0 }) { throw APITransportError.unreachable("cut off") }
        return nil
      })
    let leader = elector("a", transport, simulation)
    let error = try simulation.run { () -> KubeError? in
      let outcome = Box<KubeError?>(nil)
      try? await leader.run { (leadership: Leadership) in
        cut.value.withLock { $0 = true }
        let client = leadership.fencing(direct(transport, simulation))
        await Task(executorPreference: simulation) {
          let error = await write("n", client)
          outcome.value.withLock { $0 = error }
        }.value
      }
      return outcome.value.withLock { $0 }
    }
    #expect(error?.isFenced == true, "\(String(describing: error))")
    #expect(error?.isRetryable == false)
  }

  @Test func `a write gets no longer than is left of the lease, and reads are not fenced`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let timeouts = Box<[Duration?]>([])
    let transport = FakeTransport(
      api: FakeAPI(),
      before: { request in
        if request.path.hasPrefix(Self.notes) { timeouts.value.withLock { $0.append(request.timeout) } }
        return nil
      })
    let leader = elector("a", transport, simulation)
    try simulation.run {
      let kept = Box<KubeClient?>(nil)
      try await leader.run { (leadership: Leadership) in
        let client = leadership.fencing(direct(transport, simulation))
        #expect(await write("n", client) == nil)
        #expect(leadership.isHeld)
        kept.value.withLock { $0 = client }
      }
      let client = try #require(kept.value.withLock { $0 })
      _ = try await client.resource(Note.self, namespace: "ns").get("n")
      // The same candidate leads again: what is left over from its earlier term stays fenced.
      try await leader.run {
        #expect(await write("late", client)?.isFenced == true)
      }
    }
    #expect(timeouts.value.withLock { $0 } == [.seconds(15), .seconds(30)])
    #expect(clock.now < .seconds(1010))
  }

  @Test func `the lease of a body that does not end is let go without it, and its writes are refused`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let api = FakeAPI()
    let transport = FakeTransport(api: api)
    let stuck = elector("a", transport, simulation, windDownLimit: .seconds(20))
    let next = elector("b", transport, simulation)
    let start = clock.now
    let (took, refused) = try simulation.run { () -> (Duration, Bool) in
      let refused = Box(false)
      let run = Task(executorPreference: simulation) {
        try? await stuck.run { (leadership: Leadership) in
          let client = leadership.fencing(direct(transport, simulation))
          await Task(executorPreference: simulation) {
            try? await clock.sleep(for: .seconds(120))
            let error = await write("late", client)
            refused.value.withLock { $0 = error?.isFenced == true }
          }.value
        }
      }
      try await clock.sleep(for: .seconds(5))
      run.cancel()
      let took = Box(Duration.zero)
      try await next.run { took.value.withLock { $0 = clock.now - start } }
      await run.value
      return (took.value.withLock { $0 }, refused.value.withLock { $0 })
    }
    #expect(took > .seconds(25 + 13) && took < .seconds(25 + 20), "\(took)")
    #expect(refused)
    #expect(api.object(Self.notes + "/late") == nil)
  }
}
