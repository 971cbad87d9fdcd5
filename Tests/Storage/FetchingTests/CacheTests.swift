import Foundation
import Synchronization
import Testing

@testable import Fetching

@Suite(.timeLimit(.minutes(1))) struct CacheTests {
  private static func body(_ path: String) -> [UInt8] { Fixtures.bytes(1000, seed: UInt64(path.utf8.count)) }

  private func serve<Result>(limit: Int, _ test: (LoopbackServer, DataSources, String) async throws -> Result)
    async throws -> Result
  {
    let server = try LoopbackServer { request, _ in
      var answer = LoopbackServer.Answer.honest(Self.body(request.path), request)
      answer.delay = 0.05
      return answer
    }
    defer { server.stop() }
    return try await Fixtures.withDirectory { directory in
      try await test(server, DataSources(Fixtures.options(directory, limit: limit)), directory)
    }
  }

  @Test func whatWasUsedLongestAgoGoesFirst() async throws {
    try await serve(limit: 3500) { server, sources, directory in
      for name in ["/a", "/bb", "/ccc"] { _ = try await sources.fetch(server.url(name)) }
      _ = try await sources.fetch(server.url("/a"))
      _ = try await sources.fetch(server.url("/dddd"))
      #expect(Fixtures.cached(directory) == ["a", "ccc", "dddd"])
    }
  }

  @Test func whatIsInUseStays() async throws {
    try await serve(limit: 2500) { server, sources, directory in
      let first = try await sources.fetch(server.url("/a"))
      let second = try await sources.fetch(server.url("/bb"))
      let error = await Fixtures.error(sources, server.url("/ccc"))
      #expect(error == .cacheFull(bytes: 1000, limit: 2500))
      #expect(error?.retryable == true)
      #expect(Fixtures.contents(first) == Self.body("/a"))
      #expect(Fixtures.contents(second) == Self.body("/bb"))
    }
  }

  @Test func whatNeverFitsIsRefused() async throws {
    try await serve(limit: 999) { server, sources, directory in
      let error = await Fixtures.error(sources, server.url("/a"))
      #expect(error == .tooLarge(uri: server.url("/a"), bytes: 1000, limit: 999))
      #expect(error?.retryable == false)
    }
  }

  @Test func lengthsThatAreNotToldAreBoundedToo() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.Answer(body: Fixtures.bytes(100_000), announced: -1) }
    defer { server.stop() }
    try await Fixtures.withDirectory { directory in
      let small = await Fixtures.error(DataSources(Fixtures.options(directory, limit: 5000)), server.url("/a"))
      #expect(small?.reason == "SourceTooLarge")
      let file = try await DataSources(Fixtures.options(directory)).fetch(server.url("/a"))
      #expect(Fixtures.contents(file)?.count == 100_000)
    }
  }

  @Test func oneDownloadServesAllWhoAsk() async throws {
    try await serve(limit: 1 << 20) { server, sources, _ in
      let uri = server.url("/same") + "#sha256=" + Fixtures.sha256(Self.body("/same"))
      let paths = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<8 { group.addTask { try await sources.fetch(uri).path } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(paths.count == 1)
      #expect(server.requests.count == 1)
    }
  }

  @Test func newContentDoesNotTakeAUsersFileAway() async throws {
    let version = Mutex(1)
    let server = try LoopbackServer { request, _ in
      let now = version.withLock { $0 }
      return .honest(Fixtures.bytes(500, seed: UInt64(now)), tag: "\"\(now)\"", request)
    }
    defer { server.stop() }
    try await Fixtures.withDirectory { directory in
      let sources = DataSources(Fixtures.options(directory))
      let old = try await sources.fetch(server.url("/x.csv"))
      version.withLock { $0 = 2 }
      let new = try await sources.fetch(server.url("/x.csv"))
      #expect(Fixtures.contents(old) == Fixtures.bytes(500, seed: 1))
      #expect(Fixtures.contents(new) == Fixtures.bytes(500, seed: 2))
    }
  }

  @Test func aDamagedDescriptionOrFileIsFetchedAgain() async throws {
    try await serve(limit: 1 << 20) { server, sources, directory in
      let path = try await sources.fetch(server.url("/x")).path
      try Data([1, 2, 3]).write(to: URL(filePath: path))
      let fetched1 = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(fetched1) == Self.body("/x"))
      let entry = URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent()
      try Data("{".utf8).write(to: entry.appending(path: "entry.json"))
      let fetched2 = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(fetched2) == Self.body("/x"))
    }
  }
}
