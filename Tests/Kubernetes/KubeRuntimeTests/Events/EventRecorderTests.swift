import Basics
import KubeAccess
import KubeTypes
import Logging
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct EventRecorderTests {
  private let job = ObjectReference(apiVersion: "v1", kind: "Pod", namespace: "ns", name: "p", uid: "u")

  private func recorder(_ transport: FakeTransport, _ simulation: Simulation, capacity: Int = 1000) -> EventRecorder {
    EventRecorder(
      client: KubeClient(transport: transport), component: "c", instance: "i", capacity: capacity,
      clock: simulation.clock, random: SplitMix64(seed: 1), executor: simulation,
      log: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test func `events reach the API; a repeat raises the count there`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let recorder = recorder(FakeTransport(api: api), simulation)
    try simulation.run {
      for _ in 0..<3 { await recorder.record(job, type: .normal, reason: "Started", message: "go") }
      await recorder.record(job, type: .warning, reason: "Failed", message: "no")
      await recorder.drain()
    }
    let events = api.objects.values.sorted { $0["reason"]?.stringValue ?? "" > $1["reason"]?.stringValue ?? "" }
    #expect(events.map { $0["count"]?.intValue } == [3, 1])
    #expect(events.map { $0["type"]?.stringValue } == ["Normal", "Warning"])
    #expect(api.objects.keys.allSatisfy { $0.hasPrefix("/api/v1/namespaces/ns/events/p.") })
  }

  @Test func `recording takes no time while the API server is away, and what was recorded arrives later`() throws {
    let simulation = Simulation(seed: 1)
    let clock = simulation.clock
    let api = FakeAPI()
    let back = clock.now + .seconds(3)
    let transport = FakeTransport(
      api: api,
      before: { _ in
        guard clock.now < back else { return nil }
        throw APITransportError.unreachable("away")
      })
    let recorder = recorder(transport, simulation)
    let took = try simulation.run {
      let start = clock.now
      await recorder.record(job, type: .normal, reason: "A", message: "1")
      await recorder.record(job, type: .normal, reason: "B", message: "2")
      let took = clock.now - start
      await recorder.drain()
      return took
    }
    #expect(took == .zero)
    #expect(api.objects.count == 2)
  }

  @Test func `an event whose first is gone from the server is made anew`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let recorder = recorder(FakeTransport(api: api), simulation)
    try simulation.run {
      await recorder.record(job, type: .normal, reason: "A", message: "1")
      await recorder.drain()
      for path in api.objects.keys { api.remove(path) }
      await recorder.record(job, type: .normal, reason: "A", message: "1")
      await recorder.drain()
    }
    #expect(api.objects.values.map { $0["count"]?.intValue } == [2])
  }

  @Test func `a refusal is not tried again`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let counter = Counter()
    let transport = FakeTransport(
      api: api,
      before: { _ in
        counter.value.withLock { $0 += 1 }
        return FakeAPI.failure(403, .forbidden)
      })
    let recorder = recorder(transport, simulation)
    try simulation.run {
      await recorder.record(job, type: .normal, reason: "A", message: "1")
      await recorder.drain()
    }
    #expect(counter.value.withLock { $0 } == 1)
  }

  final class Counter: Sendable { let value = Mutex(0) }

  @Test func `the buffer is bounded and giving up ends`() throws {
    let simulation = Simulation(seed: 1)
    let api = FakeAPI()
    let counter = Counter()
    let transport = FakeTransport(
      api: api,
      before: { _ in
        counter.value.withLock { $0 += 1 }
        throw APITransportError.unreachable("for ever")
      })
    let recorder = recorder(transport, simulation, capacity: 10)
    try simulation.run {
      for index in 0..<500 {
        let object = ObjectReference(kind: "Pod", namespace: "ns", name: "p\(index)", uid: "u\(index)")
        await recorder.record(object, type: .normal, reason: "A", message: "1")
      }
      await recorder.drain()
    }
    // Ten waiting, and as many taken out before them; six tries each.
    #expect(counter.value.withLock { $0 } <= 20 * 6)
    #expect(counter.value.withLock { $0 } >= 10 * 6)
  }
}
