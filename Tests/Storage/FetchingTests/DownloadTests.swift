import Basics
import Foundation
import Testing

@testable import Fetching

@Suite(.timeLimit(.minutes(1))) struct DownloadTests {
  private let body = Fixtures.bytes(300_000)

  private func serve<Result>(
    _ answer: @escaping @Sendable (LoopbackServer.Request, Int) -> LoopbackServer.Answer,
    limit: Int = 1 << 24, _ test: (LoopbackServer, DataSources, String) async throws -> Result
  ) async throws -> Result {
    let server = try LoopbackServer(answer)
    defer { server.stop() }
    return try await Fixtures.withDirectory { directory in
      try await test(server, DataSources(Fixtures.options(directory, limit: limit)), directory)
    }
  }

  @Test func aFileComesAndIsAskedForAgain() async throws {
    let body = body
    try await serve({ request, _ in .honest(body, request) }) { server, sources, _ in
      let first = try await sources.fetch(server.url("/data/x.csv"))
      #expect(Fixtures.contents(first) == body)
      #expect(first.path.hasSuffix("/x.csv"))
      #expect(first.sha256 == Fixtures.sha256(body))
      let again = try await sources.fetch(server.url("/data/x.csv"))
      #expect(again.path == first.path)
      #expect(server.requests.map { $0.headers["if-none-match"] } == [nil, "\"v1\""])
    }
  }

  @Test func aCheckedFileNeedsNoNetworkTheSecondTime() async throws {
    let body = body
    try await serve({ request, _ in .honest(body, request) }) { server, sources, _ in
      let uri = server.url("/x.csv") + "#sha256=" + Fixtures.sha256(body)
      _ = try await sources.fetch(uri)
      server.stop()
      let fetched1 = try await sources.fetch(uri)
      #expect(Fixtures.contents(fetched1) == body)
      #expect(server.requests.count == 1)
    }
  }

  @Test func aCutDownloadGoesOnWhereItStopped() async throws {
    let body = body
    try await serve({ request, number in
      var answer = LoopbackServer.Answer.honest(body, request)
      if number < 3 { answer.cutAfter = 70_000 }
      return answer
    }) { server, sources, _ in
      let file = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(file) == body)
      #expect(
        server.requests.map { $0.headers["range"] } == [nil, "bytes=70000-", "bytes=140000-", "bytes=210000-"])
      #expect(server.requests.dropFirst().allSatisfy { $0.headers["if-range"] == "\"v1\"" })
    }
  }

  @Test func anotherCallGoesOnWithWhatIsThere() async throws {
    let body = body
    try await serve({ request, number in
      var answer = LoopbackServer.Answer.honest(body, request)
      if number == 0 { answer.cutAfter = 100_000 }
      if (1...3).contains(number) { answer = LoopbackServer.Answer(status: 503) }
      return answer
    }) { server, sources, _ in
      let error = await Fixtures.error(sources, server.url("/x"))
      #expect(error?.reason == "SourceRefused")
      #expect(error?.retryable == true)
      let fetched2 = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(fetched2) == body)
      #expect(server.requests.last?.headers["range"] == "bytes=100000-")
    }
  }

  @Test func aChangedFileStartsAnew() async throws {
    let body = body
    let other = Fixtures.bytes(250_000, seed: 2)
    try await serve({ request, number in
      var answer = LoopbackServer.Answer.honest(number == 0 ? body : other, tag: "\"v\(min(number, 1))\"", request)
      if number == 0 { answer.cutAfter = 100_000 }
      return answer
    }) { server, sources, _ in
      let fetched3 = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(fetched3) == other)
    }
  }

  @Test func withoutAValidatorNothingIsResumed() async throws {
    let body = body
    try await serve({ _, number in
      LoopbackServer.Answer(headers: ["ETag": "W/\"weak\""], body: body, cutAfter: number == 0 ? 1000 : nil)
    }) { server, sources, _ in
      let fetched4 = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(fetched4) == body)
      #expect(server.requests.allSatisfy { $0.headers["range"] == nil })
    }
  }

  @Test func serversMayAskToWait() async throws {
    let body = body
    try await serve({ request, number in
      number == 0
        ? LoopbackServer.Answer(status: 429, headers: ["Retry-After": "1"]) : .honest(body, request)
    }) { server, sources, _ in
      let start = ContinuousClock.now
      _ = try await sources.fetch(server.url("/x"))
      #expect(ContinuousClock.now - start >= .seconds(1))
    }
  }

  @Test func attemptsAreBounded() async throws {
    try await serve({ _, _ in LoopbackServer.Answer(status: 500) }) { server, sources, _ in
      let error = await Fixtures.error(sources, server.url("/x"))
      #expect(error == .refused(uri: server.url("/x"), status: 500, detail: "", retryable: true))
      #expect(server.requests.count == 4)
    }
  }

  @Test func aLyingLengthIsNoFile() async throws {
    let body = body
    try await serve({ request, _ in
      LoopbackServer.Answer(headers: ["ETag": "\"v1\""], body: body, announced: body.count + 5)
    }) { server, sources, directory in
      let error = await Fixtures.error(sources, server.url("/x"))
      #expect(error?.reason == "SourceUnreachable")
      #expect(error?.retryable == true)
      #expect(Fixtures.cached(directory).isEmpty)
    }
  }

  @Test func aPartialFileThatIsWholeNeedsNoMore() async throws {
    let body = body
    // The whole body comes, but the first head promised more; the second answer says that there is no more.
    try await serve({ request, number in
      number == 0
        ? LoopbackServer.Answer(headers: ["ETag": "\"v1\""], body: body, announced: body.count + 1)
        : .honest(body, request)
    }) { server, sources, _ in
      let fetched5 = try await sources.fetch(server.url("/x"))
      #expect(Fixtures.contents(fetched5) == body)
    }
  }

  @Test func aWrongChecksumIsPermanent() async throws {
    let body = body
    try await serve({ request, _ in .honest(body, request) }) { server, sources, directory in
      let expected = Fixtures.sha256([1])
      let error = await Fixtures.error(sources, server.url("/x"), sha256: expected)
      #expect(
        error == .checksumMismatch(uri: server.url("/x"), expected: expected, found: Fixtures.sha256(body)))
      #expect(error?.retryable == false)
      #expect(Fixtures.cached(directory).isEmpty)
    }
  }

  @Test func damagedPartsComeAnew() async throws {
    let body = body
    try await serve({ request, number in
      var answer = LoopbackServer.Answer.honest(number == 0 ? Fixtures.bytes(body.count, seed: 9) : body, request)
      if number == 0 { answer.cutAfter = 50_000 }
      return answer
    }) { server, sources, _ in
      let file = try await sources.fetch(server.url("/x"), sha256: Fixtures.sha256(body))
      #expect(Fixtures.contents(file) == body)
    }
  }

  @Test(arguments: [
    (404, "SourceNotFound"), (403, "SourceAccessDenied"), (400, "SourceRefused"), (206, "SourceRefused"),
  ])
  func answersThatStayAreNotRepeated(status: Int, reason: String) async throws {
    try await serve({ _, _ in LoopbackServer.Answer(status: status, body: [1, 2, 3]) }) { server, sources, _ in
      let error = await Fixtures.error(sources, server.url("/x"))
      #expect(error?.reason == reason)
      #expect(error?.retryable == false)
      #expect(server.requests.count == 1)
    }
  }

  @Test func redirectsAreFollowedButNotForever() async throws {
    let body = body
    try await serve({ request, _ in
      request.path == "/end"
        ? .honest(body, request)
        : LoopbackServer.Answer(status: 302, headers: ["Location": request.path == "/once" ? "/end" : "/round"])
    }) { server, sources, _ in
      let fetched6 = try await sources.fetch(server.url("/once"))
      #expect(Fixtures.contents(fetched6) == body)
      let error = await Fixtures.error(sources, server.url("/round"))
      #expect(error?.reason == "SourceUnreachable")
      #expect(error?.retryable == false)
    }
  }

  @Test func silenceEnds() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.Answer(body: [1], stall: 20) }
    defer { server.stop() }
    try await Fixtures.withDirectory { directory in
      var options = Fixtures.options(directory)
      options.stallTimeout = .seconds(1)
      options.attempts = 1
      let error = await Fixtures.error(DataSources(options), server.url("/x"))
      #expect(error?.reason == "SourceUnreachable")
      #expect(error?.retryable == true)
    }
  }

  @Test func aDownloadCanBeCancelled() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.Answer(body: [1], stall: 20) }
    defer { server.stop() }
    try await Fixtures.withDirectory { directory in
      let sources = DataSources(Fixtures.options(directory))
      let task = Task { await Fixtures.error(sources, server.url("/x")) }
      while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
      let start = ContinuousClock.now
      task.cancel()
      #expect(await task.value == .cancelled)
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }

  @Test func plainHTTPStaysOnThisMachine() async throws {
    try await Fixtures.withDirectory { directory in
      let error = await Fixtures.error(DataSources(Fixtures.options(directory)), "http://192.0.2.1/x")
      #expect(error == .plainHTTPRefused(uri: "http://192.0.2.1/x"))
    }
  }

  @Test func plainFilesAreChecked() async throws {
    try await Fixtures.withDirectory { directory in
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try Data(body).write(to: URL(filePath: directory + "/x.csv"))
      let sources = DataSources(Fixtures.options(directory + "/cache"))
      let file = try await sources.fetch("x.csv", sha256: Fixtures.sha256(body), dataRoot: directory)
      #expect(file.path == directory + "/x.csv")
      #expect(
        await Fixtures.error(sources, "file://\(directory)/x.csv", sha256: Fixtures.sha256([]))?.reason
          == "ChecksumMismatch")
      #expect(
        await Fixtures.error(sources, "\(directory)/y.csv", sha256: Fixtures.sha256([]))?.reason == "CacheUnavailable")
    }
  }
}
