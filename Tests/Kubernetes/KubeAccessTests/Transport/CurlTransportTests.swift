import Foundation
import KubeTypes
import Synchronization
import Testing

@testable import KubeAccess

@Suite struct `Whole answers over HTTP` {
  @Test func `carry method, target, headers and body both ways`() async throws {
    let server = try LoopbackServer { request, connection in
      connection.answer(
        201, headers: ["Retry-After: 7"], request.body.isEmpty ? "none" : String(decoding: request.body, as: UTF8.self))
    }
    let transport = try CurlTransport.loopback(server.url, credentials: FixedCredentials.bearer("s3cret"))
    let answer = try await transport.send(
      APIRequest(
        .patch, "/api/v1/pods/a", query: [("labelSelector", "a=b,c!=d"), ("x", "ü /&")],
        contentType: "application/merge-patch+json", body: Data(#"{"a":1}"#.utf8)))
    #expect(answer.status == 201)
    #expect(answer.retryAfter == 7)
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"a":1}"#)
    let request = try #require(server.requests.first)
    #expect(request.method == "PATCH")
    #expect(request.target == "/api/v1/pods/a?labelSelector=a%3Db%2Cc%21%3Dd&x=%C3%BC%20%2F%26")
    #expect(request.headers["authorization"] == "Bearer s3cret")
    #expect(request.headers["content-type"] == "application/merge-patch+json")
    #expect(request.headers["expect"] == nil)
  }

  @Test func `further headers go along, but no credential and no second header within one`() async throws {
    let server = try LoopbackServer { _, connection in connection.answer(200, "{}") }
    let transport = try CurlTransport.loopback(server.url, credentials: FixedCredentials.bearer("s3cret"))
    let headers = [
      ("Impersonate-User", "jane"), ("Authorization", "Bearer other"), ("X-Split", "a\r\nX-Smuggled: b"),
      ("X: Y", "z"), ("", "z"),
    ]
    _ = try await transport.send(APIRequest(.get, "/", headers: headers.map { (name: $0.0, value: $0.1) }))
    let request = try #require(server.requests.first)
    #expect(request.headers["impersonate-user"] == "jane")
    #expect(request.headers["authorization"] == "Bearer s3cret")
    #expect(request.headers["x-split"] == nil && request.headers["x-smuggled"] == nil && request.headers["x"] == nil)
  }

  @Test(arguments: [APIRequest.Method.post, .put, .patch])
  func `a write without a body, or with an empty one, says so`(method: APIRequest.Method) async throws {
    let server = try LoopbackServer { _, connection in connection.answer(200, "{}") }
    let transport = try CurlTransport.loopback(server.url)
    for body in [nil, Data()] {
      let answer = try await transport.send(APIRequest(method, "/x", body: body, timeout: .seconds(5)))
      #expect(answer.status == 200)
    }
    #expect(server.requests.map { $0.headers["content-length"] } == ["0", "0"])
  }

  @Test func `handles are used again without anything of the request before`() async throws {
    let server = try LoopbackServer { request, connection in
      connection.answer(200, "\(request.method) \(request.headers["content-type"] ?? "-") \(request.body.count)")
    }
    let transport = try CurlTransport.loopback(server.url)
    func text(_ request: APIRequest) async throws -> String {
      String(decoding: try await transport.send(request).body, as: UTF8.self)
    }
    #expect(try await text(APIRequest(.post, "/", contentType: "a/b", body: Data("12345".utf8))) == "POST a/b 5")
    #expect(try await text(APIRequest(.get, "/")) == "GET - 0")
    #expect(try await text(APIRequest(.delete, "/")) == "DELETE - 0")
    #expect(try await text(APIRequest(.put, "/", contentType: "c/d", body: Data("1".utf8))) == "PUT c/d 1")
    #expect(server.connectionCount == 1)
  }

  @Test func `interim answers are passed over, redirects are handed on`() async throws {
    let server = try LoopbackServer { request, connection in
      guard request.target == "/interim" else {
        return connection.answer(302, headers: ["Location: /elsewhere"], "moved")
      }
      connection.write("HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\n")
      return connection.answer(200, "here")
    }
    let transport = try CurlTransport.loopback(server.url)
    let interim = try await transport.send(APIRequest(.get, "/interim"))
    #expect(interim.status == 200)
    #expect(interim.retryAfter == nil)
    #expect(interim.body == Data("here".utf8))
    let stream = try await transport.stream(APIRequest(.get, "/interim", timeout: nil))
    #expect(stream.status == 200)
    let moved = try await transport.send(APIRequest(.get, "/moved"))
    #expect(moved.status == 302)
    #expect(!server.requests.contains { $0.target == "/elsewhere" })
  }

  @Test func `an answer without a body is an answer`() async throws {
    let server = try LoopbackServer { _, connection in connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
    let transport = try CurlTransport.loopback(server.url)
    let answer = try await transport.send(APIRequest(.delete, "/x"))
    #expect(answer.status == 204)
    #expect(answer.body.isEmpty)
  }

  @Test func `five hundred at once each get their own answer`() async throws {
    let server = try LoopbackServer { request, connection in connection.answer(200, request.target) }
    let transport = try CurlTransport.loopback(server.url)
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for index in 0..<500 {
        group.addTask {
          let answer = try await transport.send(APIRequest(.get, "/\(index)"))
          return (index, String(decoding: answer.body, as: UTF8.self))
        }
      }
      var seen: Set<Int> = []
      for try await (index, text) in group {
        #expect(text == "/\(index)")
        seen.insert(index)
      }
      #expect(seen.count == 500)
    }
  }
}

@Suite struct `Failing exchanges` {
  @Test func `a refused connection names the request and the place`() async throws {
    let port = try LoopbackServer.unusedPort()
    let transport = try CurlTransport.loopback(
      "http://127.0.0.1:\(port)", credentials: FixedCredentials.bearer("s3cret"))
    let error = await failure { try await transport.send(APIRequest(.get, "/api/v1/pods")) }
    guard case .unreachable(let text)? = error as? APITransportError else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("GET /api/v1/pods"))
    #expect(text.contains("127.0.0.1") && text.contains(String(port)))
    #expect(!text.contains("s3cret"))
  }

  @Test func `a server that closes in mid-body is an error, whole or streamed`() async throws {
    let server = try LoopbackServer { _, connection in
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
      return false
    }
    let transport = try CurlTransport.loopback(server.url)
    let whole = await failure { try await transport.send(APIRequest(.get, "/")) }
    guard case .unreachable? = whole as? APITransportError else {
      Issue.record("\(String(describing: whole))")
      return
    }
    let stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
    var text = Data()
    let error = await failure { for try await piece in stream.body { text += piece } }
    #expect(text == Data("only this".utf8))
    guard case .unreachable? = error as? APITransportError else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a chunked body that is cut off is an error too`() async throws {
    let server = try LoopbackServer { _, connection in
      connection.startChunks()
      connection.chunk("one")
      return false
    }
    let transport = try CurlTransport.loopback(server.url)
    let stream = try await transport.stream(APIRequest(.get, "/", timeout: nil))
    #expect(await failure { for try await _ in stream.body {} } is APITransportError)
  }

  @Test func `a server that does not answer in time is given up`() async throws {
    let server = try LoopbackServer { _, connection in !connection.waitForClose() }
    let transport = try CurlTransport.loopback(server.url)
    let start = ContinuousClock.now
    let error = await failure { try await transport.send(APIRequest(.get, "/slow", timeout: .milliseconds(200))) }
    guard case .timedOut(let text)? = error as? APITransportError else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("GET /slow"))
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func `an answer that is no HTTP is an error`() async throws {
    let server = try LoopbackServer { _, connection in
      connection.write("SSH-2.0-OpenSSH_9.2\r\n")
      return false
    }
    let transport = try CurlTransport.loopback(server.url)
    #expect(await failure { try await transport.send(APIRequest(.get, "/")) } is APITransportError)
  }
}

@Suite struct `Refused credentials` {
  @Test func `are renewed once, and the request sent again`() async throws {
    let server = try LoopbackServer { request, connection in
      connection.answer(request.headers["authorization"] == "Bearer token-2" ? 200 : 401, "text")
    }
    let credentials = CountedCredentials(limit: 5)
    let transport = try CurlTransport.loopback(server.url, credentials: credentials)
    #expect(try await transport.send(APIRequest(.get, "/")).status == 200)
    #expect(server.requests.count == 2)
    #expect(credentials.renewals == 1)
    let streamed = try await CurlTransport.loopback(server.url, credentials: CountedCredentials(limit: 5))
      .stream(APIRequest(.get, "/", timeout: nil))
    #expect(streamed.status == 200)
  }

  @Test func `that cannot be renewed leave the 401 as the answer`() async throws {
    let server = try LoopbackServer { _, connection in connection.answer(401, "no") }
    let transport = try CurlTransport.loopback(server.url, credentials: CountedCredentials(limit: 1))
    #expect(try await transport.send(APIRequest(.get, "/")).status == 401)
    #expect(server.requests.count == 1)
    #expect(try await transport.stream(APIRequest(.get, "/", timeout: nil)).status == 401)
  }

  @Test func `of many requests are renewed once for all`() async throws {
    let server = try LoopbackServer { request, connection in
      connection.answer(request.headers["authorization"] == "Bearer token-2" ? 200 : 401, "text")
    }
    let credentials = CountedCredentials(limit: 5)
    let transport = try CurlTransport.loopback(server.url, credentials: credentials)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<40 { group.addTask { try await transport.send(APIRequest(.get, "/")).status } }
      for try await status in group { #expect(status == 200) }
    }
    #expect(credentials.renewals == 1)
  }
}
