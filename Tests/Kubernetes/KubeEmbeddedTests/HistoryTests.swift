import Basics
import KubeAccess
import KubeEmbedded
import KubeTypes
import Testing

/// What becomes of watches and page tokens when the past is forgotten.
@Suite struct HistoryTests {
  @Test func aWatchFromBeforeTheBoundedHistoryGetsAnErrorEvent() async throws {
    var options = EmbeddedAPIServer.Options()
    options.historyLimit = 3
    let maps = Maps(options)
    let first = try await maps.create("m0")
    for number in 1...4 { try await maps.create("m\(number)") }
    var old = try await maps.watch([("resourceVersion", first.version)])
    #expect(old.status == 200)
    let line = try await old.lines.next()
    #expect(line?.type == "ERROR")
    #expect(line?.object["code"] == 410)
    #expect(line?.object["reason"] == "Expired")
    #expect(try await old.lines.next() == nil)
    // One write later all that is needed is still kept.
    var kept = try await maps.watch([("resourceVersion", String(maps.server.resourceVersion - 3))])
    #expect(try await kept.lines.next()?.object["metadata"]?["name"] == "m2")
  }

  @Test func theSameAsAnHTTPStatus() async throws {
    var options = EmbeddedAPIServer.Options()
    options.expiredWatch = .httpStatus
    let maps = Maps(options)
    let first = try await maps.create("m0")
    try await maps.create("m1")
    maps.server.expireHistory()
    #expect(try await maps.watch([("resourceVersion", first.version)]).status == 410)
  }

  @Test func forgettingThePastLeavesThePresent() async throws {
    let maps = Maps()
    for number in 0..<4 { try await maps.create("m\(number)") }
    let page = try await maps.resource.list(ListOptions(limit: 2))
    maps.server.expireHistory()
    let now = try await maps.resource.list(ListOptions(limit: 2, continue: page.metadata.continue))
    #expect(now.items.map(\.name) == ["m2", "m3"], "nothing was written since, so the page is as it was")
    try await maps.create("m4")
    maps.server.expireHistory()
    await #expect { try await maps.resource.list(ListOptions(limit: 2, continue: page.metadata.continue)) } throws: {
      ($0 as? KubeError)?.isGone == true
    }
    var watch = try await maps.watch([("resourceVersion", String(maps.server.resourceVersion))])
    try await maps.create("m5")
    #expect(try await watch.lines.next()?.object["metadata"]?["name"] == "m5")
  }

  @Test func droppedWatchesEndWithoutAnError() async throws {
    let maps = Maps()
    var watch = try await maps.watch()
    #expect(maps.server.watchCount == 1)
    try await maps.create("m0")
    maps.server.dropWatches()
    #expect(try await watch.lines.rest() == ["ADDED"])
    #expect(maps.server.watchCount == 0)
  }

  @Test func aReaderThatDoesNotReadLosesItsWatchAndNobodyElseDoes() async throws {
    var options = EmbeddedAPIServer.Options()
    options.watchBufferLimit = 10
    let maps = Maps(options)
    var slow = try await maps.watch()
    var quick = try await maps.watch()
    var read = 0
    for number in 0..<30 {
      try await maps.create("m\(number)")
      if try await quick.lines.next() != nil { read += 1 }
    }
    #expect(read == 30)
    #expect(maps.server.watchCount == 1)
    #expect(try await slow.lines.rest().count == 10)
  }

  @Test func aCancelledWatchIsForgotten() async throws {
    let maps = Maps()
    let task = Task {
      var watch = try await maps.watch()
      return try await watch.lines.rest()
    }
    while maps.server.watchCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    _ = try await task.value
    while maps.server.watchCount > 0 { try await Task.sleep(for: .milliseconds(1)) }
  }

  @Test func bookmarksComeByTheClock() async throws {
    let ticks = AsyncStream<Void>.makeStream()
    let gate = Gate(ticks.stream)
    var options = EmbeddedAPIServer.Options()
    options.bookmarkInterval = .seconds(60)
    options.sleep = { _ in try await gate.wait() }
    let maps = Maps(options)
    var asked = try await maps.watch([("allowWatchBookmarks", "true")])
    #expect(try await asked.lines.next()?.type == "BOOKMARK")
    let map = try await maps.create("m0")
    #expect(try await asked.lines.next()?.type == "ADDED")
    ticks.continuation.yield()
    let mark = try await asked.lines.next()
    #expect(mark?.type == "BOOKMARK")
    #expect(mark?.object.version == map.version)
    ticks.continuation.finish()
  }

  /// Lets a sleeper go once for each tick.
  private actor Gate {
    private var ticks: [Void] = []
    private var waiter: CheckedContinuation<Void, Never>?
    private var isOver = false

    init(_ stream: AsyncStream<Void>) {
      Task { [weak self] in
        for await _ in stream { await self?.tick() }
        await self?.end()
      }
    }
    private func tick() {
      ticks.append(())
      release()
    }
    private func end() {
      isOver = true
      release()
    }
    private func release() {
      waiter?.resume()
      waiter = nil
    }
    func wait() async throws {
      while ticks.isEmpty {
        if isOver { throw CancellationError() }
        await withCheckedContinuation { waiter = $0 }
      }
      ticks.removeFirst()
    }
  }
}
