import Basics
import Foundation
import KubeAccess
import KubeTypes
import Testing

@testable import KubeEmbedded

/// A watch that is cancelled while objects are written: neither side may wait for the other.
@Suite(.timeLimit(.minutes(1)))
struct WatchCancellationTests {
  @Test func writesAndCancellationsDoNotBlockEachOther() async throws {
    let server = EmbeddedAPIServer()
    let client = KubeClient(transport: server)
    let namespaces = client.resource(Namespace.self)
    let version = try await namespaces.list().metadata.resourceVersion
    let writer = Task.detached {
      var round = 0
      while !Task.isCancelled {
        round += 1
        let label: JSONValue = ["metadata": ["labels": ["round": .string(String(round))]]]
        _ = try? await namespaces.patch("default", .merge(label))
      }
    }
    for _ in 0..<2000 {
      let watch = Task.detached {
        let events = try await namespaces.watch(WatchOptions(resourceVersion: version))
        for try await _ in events {}
      }
      await Task.yield()
      watch.cancel()
    }
    writer.cancel()
    await writer.value
    let deadline = ContinuousClock.now + .seconds(10)
    while server.watchCount > 0, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    #expect(server.watchCount == 0)
  }
}
