import Basics
import Foundation
import KubeTypes
import Testing

@testable import KubeAccess

@Suite struct `Pod logs` {
  @Test(arguments: [
    (["one\ntwo\n"], ["one", "two"]), (["o", "ne\ntw", "o"], ["one", "two"]),
    (["one\r", "\ntwo\r\n"], ["one", "two"]),
    (["\n\na"], ["", "", "a"]), ([], []), (["h\u{e9}\n"], ["hé"]),
  ])
  func `are cut into lines wherever their pieces end`(pieces: [String], expected: [String]) {
    var decoder = LineDecoder()
    var lines = pieces.flatMap { decoder.take(Data($0.utf8)) }
    if let last = decoder.finish() { lines.append(last) }
    #expect(lines == expected)
  }

  @Test func `are asked for with all options`() async throws {
    let transport = ScriptedTransport([APIResponse(status: 200, body: Data("epoch 1 é\nepoch 2".utf8))])
    let pods = KubeClient(transport: transport).resource(Pod.self, namespace: "ml")
    let options = LogOptions(
      container: "worker", follow: true, tailLines: 10, sinceSeconds: 60, timestamps: true, previous: true)
    var lines: [String] = []
    for try await line in try await pods.logs("w-0", options) { lines.append(line) }
    #expect(lines == ["epoch 1 é", "epoch 2"])
    let request = try #require(transport.requests.first)
    #expect(request.path == "/api/v1/namespaces/ml/pods/w-0/log")
    #expect(
      request.query.map { "\($0.name)=\($0.value)" } == [
        "container=worker", "follow=true", "tailLines=10", "sinceSeconds=60", "timestamps=true", "previous=true",
      ])
    #expect(request.timeout == nil)
  }

  @Test func `throw the server's failure`() async throws {
    let body = #"{"kind":"Status","message":"container \"x\" is waiting to start","reason":"BadRequest","code":400}"#
    let transport = ScriptedTransport([APIResponse(status: 400, body: Data(body.utf8))])
    let pods = KubeClient(transport: transport).resource(Pod.self)
    let error = await failure { try await pods.logs("w-0") } as? KubeError
    #expect(error?.reason == .badRequest)
    #expect(error?.description.contains("waiting to start") == true)
  }

  @Test func `follow a container until the reader goes`() async throws {
    let closed = Gate()
    let server = try LoopbackServer { _, connection in
      connection.startChunks()
      connection.chunk("first\nsec")
      connection.chunk("ond\n")
      if connection.waitForClose() { closed.open() }
      return false
    }
    let client = KubeClient(transport: try CurlTransport.loopback(server.url))
    var lines: [String] = []
    do {
      for try await line in try await client.resource(Pod.self).logs("w", LogOptions(follow: true)) {
        lines.append(line)
        if lines.count == 2 { break }
      }
    }
    #expect(lines == ["first", "second"])
    #expect(await eventually { closed.isOpen })
  }
}
