import Basics
import Foundation
import KubeTypes
import Synchronization
import TestSupport
import Testing

@testable import KubeAccess

@Suite struct `Streamed answers` {
  @Test func `come piece by piece, as they are sent`() async throws {
    let go = Gate()
    let server = try LoopbackServer { _, connection in
      connection.startChunks()
      connection.chunk("one")
      go.wait()
      connection.chunk("two")
      return connection.endChunks()
    }
    let transport = try CurlTransport.loopback(server.url)
    let stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
    var iterator = stream.body.makeAsyncIterator()
    #expect(try await iterator.next() == Data("one".utf8))
    go.open()
    #expect(try await iterator.next() == Data("two".utf8))
    #expect(try await iterator.next() == nil)
  }

  @Test func `have their head before any body`() async throws {
    let closed = Mutex(false)
    let server = try LoopbackServer { _, connection in
      connection.startChunks(200)
      let isClosed = connection.waitForClose()
      closed.withLock { $0 = isClosed }
      return false
    }
    let transport = try CurlTransport.loopback(server.url)
    do {
      let stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
      #expect(stream.status == 200)
    }
    // Nobody holds the stream any more: the connection closes.
    #expect(await eventually { closed.withLock { $0 } })
  }

  @Test func `outlive the transport that opened them`() async throws {
    let go = Gate()
    let server = try LoopbackServer { _, connection in
      connection.startChunks()
      go.wait()
      connection.chunk("late")
      return connection.endChunks()
    }
    weak var gone: CurlTransport?
    var stream: APIStream?
    do {
      let transport = try CurlTransport.loopback(server.url)
      gone = transport
      stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
    }
    go.open()
    var text = Data()
    if let body = stream?.body { for try await piece in body { text += piece } }
    #expect(text == Data("late".utf8))
    stream = nil
    #expect(await eventually { gone == nil })
  }

  @Test func `stop the server while nobody reads, and lose nothing`() async throws {
    let total = 64 << 20
    let written = Mutex(0)
    let server = try LoopbackServer { _, connection in
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      for part in 0..<(total >> 16) {
        guard connection.write(Data(repeating: UInt8(part & 0xFF), count: 1 << 16)) else { return false }
        written.withLock { $0 += 1 << 16 }
      }
      return true
    }
    let transport = try CurlTransport.loopback(server.url)
    let stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
    // Waits until the server's writes stand still.
    var before = -1
    while before != written.withLock({ $0 }) {
      before = written.withLock { $0 }
      try await Task.sleep(for: .milliseconds(300))
    }
    // What is under way: our buffer, libcurl's, and the kernel's two.
    #expect(before < 24 << 20, "\(before) bytes were taken though nobody read")
    var count = 0
    var isRight = true
    for try await piece in stream.body {
      #expect(piece.count <= StreamedAnswer.limit)
      for offset in stride(from: 0, to: piece.count, by: 4096) {
        isRight = isRight && piece[piece.startIndex + offset] == UInt8(((count + offset) >> 16) & 0xFF)
      }
      count += piece.count
    }
    #expect(count == total)
    #expect(isRight)
  }

  @Test(arguments: 0..<3) func `that are paused and resumed at random arrive whole`(round: Int) async throws {
    let seed = announcedSeed("paused and resumed, round \(round)")
    var random = SplitMix64(seed: seed &+ UInt64(round))
    let total = 16 << 20
    let server = try LoopbackServer { _, connection in
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      return connection.write(Data(repeating: 7, count: total))
    }
    let transport = try CurlTransport.loopback(server.url)
    let stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
    var count = 0
    for try await piece in stream.body {
      count += piece.count
      if Int.random(in: 0..<4, using: &random) == 0 {
        try await Task.sleep(for: .microseconds(Int.random(in: 1...3000, using: &random)))
      }
    }
    #expect(count == total)
  }
}

@Suite struct `Cancellation` {
  @Test func `aborts a request at once`() async throws {
    let arrived = Gate()
    let closed = Mutex(false)
    let server = try LoopbackServer { _, connection in
      arrived.open()
      let isClosed = connection.waitForClose()
      closed.withLock { $0 = isClosed }
      return false
    }
    let transport = try CurlTransport.loopback(server.url)
    let task = Task { await failure { try await transport.send(APIRequest(.get, "/")) } }
    #expect(await eventually { arrived.isOpen })
    let start = ContinuousClock.now
    task.cancel()
    #expect(await task.value as? APITransportError == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(await eventually { closed.withLock { $0 } })
  }

  @Test func `before the start sends nothing`() async throws {
    let server = try LoopbackServer { _, connection in connection.answer(200) }
    let transport = try CurlTransport.loopback(server.url)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      let whole = await failure { try await transport.send(APIRequest(.get, "/")) }
      let streamed = await failure { try await transport.stream(APIRequest(.get, "/", timeout: nil)) }
      return [whole, streamed].map { $0 as? APITransportError }
    }
    task.cancel()
    let errors = await task.value
    #expect(errors == [.cancelled, .cancelled])
    // A request afterwards proves that the engine went on.
    #expect(try await transport.send(APIRequest(.get, "/after")).status == 200)
    #expect(server.requests.map(\.target) == ["/after"])
  }

  @Test func `ends a stream that waits for its head or its body`() async throws {
    let closes = Mutex(0)
    let arrived = Gate()
    let server = try LoopbackServer { request, connection in
      if request.target == "/body" { connection.startChunks() }
      if request.target == "/head" { arrived.open() }
      if connection.waitForClose() { closes.withLock { $0 += 1 } }
      return false
    }
    let transport = try CurlTransport.loopback(server.url)
    let head = Task { await failure { try await transport.stream(APIRequest(.get, "/head", timeout: nil)) } }
    #expect(await eventually { arrived.isOpen })
    head.cancel()
    #expect(await head.value as? APITransportError == .cancelled)

    let opened = Gate()
    let body = Task {
      let stream = try await transport.stream(APIRequest(.get, "/body", timeout: nil))
      opened.open()
      for try await _ in stream.body {}
    }
    #expect(await eventually { opened.isOpen })
    body.cancel()
    _ = await body.result
    #expect(await eventually { closes.withLock { $0 } == 2 })
  }

  @Test func `at any moment resumes each caller once`() async throws {
    let seed = announcedSeed("cancellation at any moment")
    var random = SplitMix64(seed: seed)
    let server = try LoopbackServer { _, connection in connection.answer(200, "text") }
    let transport = try CurlTransport.loopback(server.url)
    for _ in 0..<200 {
      let task = Task { await failure { try await transport.send(APIRequest(.get, "/")) } as? APITransportError }
      let pause = Int.random(in: 0...800, using: &random)
      if pause > 100 { try await Task.sleep(for: .microseconds(pause)) }
      task.cancel()
      let error = await task.value
      #expect(error == nil || error == .cancelled)
    }
    #expect(try await transport.send(APIRequest(.get, "/")).status == 200)
  }
}

@Suite struct `The end of a transport` {
  @Test func `comes from any thread while streams close`() async throws {
    let server = try LoopbackServer { request, connection in
      if request.target == "/whole" { return connection.answer(200, "text") }
      connection.startChunks()
      return !connection.waitForClose()
    }
    // Streams are dropped, and with the last of them the transport, on whichever thread runs the task: commands reach
    // an engine that is about to end.
    for _ in 0..<60 {
      await withTaskGroup(of: Void.self) { group in
        guard let transport = try? CurlTransport.loopback(server.url) else { return }
        for index in 0..<4 {
          group.addTask {
            if index == 0 { _ = try? await transport.send(APIRequest(.get, "/whole")) }
            let stream = try? await transport.stream(APIRequest(.get, "/stream", timeout: nil))
            #expect(stream?.status == 200)
          }
        }
      }
    }
  }

  @Test func `answers whatever is submitted behind it`() async throws {
    let engine = try #require(CurlEngine(maxConnections: 0))
    #expect(engine.start())
    let options = ConnectionOptions(ServerIdentity(url: "http://127.0.0.1:1"))
    engine.submit(.stop)
    for _ in 0..<100 {
      let answer = WholeAnswer()
      let transfer = Transfer(APIRequest(.get, "/"), options: options, authorization: nil, sink: answer)
      let result = await withCheckedContinuation { continuation in
        answer.whenDone(continuation)
        engine.submit(.add(transfer))
        engine.submit(.cancel(transfer))
        engine.submit(.resume(transfer))
      }
      #expect(throws: APITransportError.self) { try result.get() }
    }
  }
}

/// Holds threads up until it is opened.
final class Gate: Sendable {
  private let state = Mutex(false)
  var isOpen: Bool { state.withLock { $0 } }
  func open() { state.withLock { $0 = true } }
  /// Blocks the calling thread, for some seconds at most.
  func wait() { for _ in 0..<2000 where !isOpen { usleep(5000) } }
}
