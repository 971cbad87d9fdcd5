import Basics
import Foundation
import KubeAccess
import KubeTypes
import Logging
import Synchronization
import TestSupport
import Testing

@testable import KubeRuntime

@Suite struct InformerTests {
  final class Changes: Sendable {
    let all = Mutex<[String]>([])
    var summaries: [String] { all.withLock { $0 } }
  }

  /// Runs an informer over `api` while `body` does.
  private func withInformer(
    _ api: WatchedAPI, pageSize: Int = 2,
    _ body: (Informer<Note>, Changes, VirtualClock) async throws -> Void
  ) async throws {
    let clock = VirtualClock()
    let changes = Changes()
    let informer = Informer(
      KubeClient(transport: api).resource(Note.self, namespace: "ns"), pageSize: pageSize, clock: clock,
      random: SplitMix64(seed: 4), log: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
    informer.onChange { change in changes.all.withLock { $0.append(change.summary) } }
    let run = Task { await informer.run() }
    do { try await body(informer, changes, clock) } catch {
      run.cancel()
      throw error
    }
    run.cancel()
    await run.value
  }

  private func equal(_ informer: Informer<Note>, _ api: WatchedAPI) -> Bool {
    Dictionary(uniqueKeysWithValues: informer.store.all.map { ($0.name, $0) }) == api.notes
  }

  @Test func `lists all pages, then follows the watch`() async throws {
    let api = WatchedAPI()
    for name in ["a", "b", "c"] { api.write(name, text: "x") }
    try await withInformer(api) { informer, changes, clock in
      #expect(!informer.isHealthy)
      try await informer.waitUntilSynced()
      #expect(equal(informer, api))
      #expect(await eventually(clock) { api.openWatches == 1 })
      api.write("a", text: "y")
      api.write("d", text: "z")
      api.write("b", text: "", delete: true)
      #expect(await eventually(clock) { equal(informer, api) })
      #expect(changes.summaries == ["+a@11", "+b@12", "+c@13", "~a@11->14", "+d@15", "-b@16"])
      #expect(informer.isHealthy)
      #expect(api.lists == 1)
    }
  }

  @Test(arguments: [nil, APITransportError.unreachable("broken")])
  func `a watch that ends or breaks is resumed where it was, without a list`(error: APITransportError?) async throws {
    let api = WatchedAPI()
    api.write("a", text: "x")
    try await withInformer(api) { informer, _, clock in
      #expect(await eventually(clock) { api.openWatches == 1 })
      api.send(bookmark: 40)
      // The bookmark is read before the end, as the stream keeps the order.
      api.endWatches(throwing: error)
      #expect(await eventually(clock) { api.watchVersions == ["11", "40"] })
      #expect(api.lists == 1)
    }
  }

  @Test(arguments: [true, false])
  func `a 410 leads to a new list and the difference is delivered`(asEvent: Bool) async throws {
    let api = WatchedAPI()
    for name in ["a", "b"] { api.write(name, text: "x") }
    try await withInformer(api) { informer, changes, clock in
      #expect(await eventually(clock) { api.openWatches == 1 })
      // Lost in a gap: changes whose history the server has forgotten.
      let watches = api.state.withLock { state in
        defer { state.watches = [:] }
        return state.watches
      }
      api.write("a", text: "", delete: true)
      api.write("c", text: "new")
      api.state.withLock { $0.server.compact() }
      for watch in watches.values {
        if asEvent {
          watch.yield(
            .init(
              "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}\n".utf8))
        }
        watch.finish()
      }
      #expect(await eventually(clock) { equal(informer, api) && informer.store.count == 2 })
      #expect(changes.summaries == ["+a@11", "+b@12", "-a@11", "+c@14"])
      #expect(api.lists == 2)
    }
  }

  @Test func `a silent watch is opened anew, without a list`() async throws {
    let api = WatchedAPI()
    api.write("a", text: "x")
    try await withInformer(api) { informer, _, clock in
      #expect(await eventually(clock) { api.openWatches == 1 && clock.sleepers > 0 })
      let start = clock.now
      #expect(await eventually(clock, pace: .seconds(1)) { api.watchVersions.count == 2 })
      #expect(clock.now - start >= .seconds(270), "no sooner than the server would have ended it")
      #expect(api.lists == 1)
      #expect(await eventually(clock) { api.openWatches >= 1 })
      api.write("b", text: "y")
      #expect(await eventually(clock) { equal(informer, api) })
    }
  }

  @Test func `goes on when refused, unknown or throttled until it is let in`() async throws {
    let api = WatchedAPI()
    api.write("a", text: "x")
    api.state.withLock { state in
      state.listFailures = [
        FakeAPI.failure(403, .forbidden), FakeAPI.failure(404, .notFound),
        APIResponse(status: 429, retryAfter: 2, body: .init("slow down".utf8)), FakeAPI.failure(500, .internalError),
      ]
      state.watchFailures = [FakeAPI.failure(403, .forbidden)]
    }
    try await withInformer(api) { informer, _, clock in
      #expect(await eventually(clock) { api.openWatches == 1 })
      #expect(equal(informer, api))
      #expect(api.lists == 5)
    }
  }

  @Test func `one object that cannot be read does not keep the others out`() async throws {
    let api = WatchedAPI()
    api.write("a", text: "x")
    try await withInformer(api) { informer, _, clock in
      #expect(await eventually(clock) { api.openWatches == 1 })
      api.sendLine(
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"ns\",\"name\":\"bad\",\"resourceVersion\":\"11\"}}}\n"
      )
      api.write("b", text: "y")
      #expect(await eventually(clock) { equal(informer, api) })
      #expect(api.lists == 1 && api.watchVersions.count == 1)
    }
  }

  @Test func `events of megabytes pass`() async throws {
    let api = WatchedAPI()
    try await withInformer(api) { informer, _, clock in
      #expect(await eventually(clock) { api.openWatches == 1 })
      api.write("big", text: String(repeating: "x", count: 3_000_000))
      #expect(await eventually(clock) { informer.store[.note("big")]?.text.utf8.count == 3_000_000 })
    }
  }

  @Test func `waiting for the first list can be cancelled`() async throws {
    let informer = Informer(KubeClient(transport: WatchedAPI()).resource(Note.self, namespace: "ns"))
    let wait = Task { try await informer.waitUntilSynced() }
    wait.cancel()
    await #expect(throws: CancellationError.self) { try await wait.value }
  }
}
