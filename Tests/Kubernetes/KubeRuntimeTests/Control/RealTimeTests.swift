import Basics
import KubeAccess
import KubeTypes
import Logging
import Synchronization
import Testing

@testable import KubeRuntime

/// All parts together on Swift's own thread pool and the machine's clock, where the other tests simulate.
@Suite struct RealTimeTests {
  @Test func `leader, informer, queue and controller bring every object through`() async throws {
    let quiet = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
    let registry = PrometheusRegistry()
    let api = WatchedAPI()
    for index in 0..<1000 { api.write("n\(index)", text: "x") }
    let informer = Informer(KubeClient(transport: api).resource(Note.self, namespace: "ns"), log: quiet)
    let queue = WorkQueue<ObjectKey>(name: "notes", metrics: registry)
    informer.onChange { queue.add($0.key) }

    final class Seen: Sendable { let texts = Mutex<[ObjectKey: String]>([:]) }
    struct Unlucky: Error {}
    let seen = Seen()
    let controller = Controller(name: "notes", concurrency: 4, queue: queue, log: quiet, metrics: registry) { key in
      guard let note = informer.store[key] else { return .done }
      // Every tenth fails the first time.
      if note.name.hasSuffix("7"), queue.failures(of: key) == 0 { throw Unlucky() }
      seen.texts.withLock { $0[key] = note.text }
      return .done
    }
    let elector = LeaderElector(
      client: KubeClient(transport: FakeTransport(api: FakeAPI())), namespace: "ns", name: "lead", identity: "me",
      metrics: registry, log: quiet)

    let start = ContinuousClock.now
    let run = Task {
      try await elector.run {
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await informer.run() }
          group.addTask { await controller.run() }
        }
      }
    }
    func all(_ text: String) async -> Bool {
      let end = ContinuousClock.now + .seconds(90)
      while ContinuousClock.now < end {
        if seen.texts.withLock({ $0.count == 1000 && $0.values.allSatisfy { $0 == text } }) { return true }
        try? await Task.sleep(for: .milliseconds(2))
      }
      return false
    }
    #expect(await all("x"))
    for index in 0..<1000 { api.write("n\(index)", text: "y") }
    #expect(await all("y"))
    print("1,000 objects listed, changed and reconciled twice in \(ContinuousClock.now - start)")
    #expect(elector.isLeader && informer.isHealthy)
    run.cancel()
    try await run.value
    #expect(!elector.isLeader)
    #expect(registry.render().contains("controller_runtime_active_workers{controller=\"notes\"} 0\n"))
  }
}
