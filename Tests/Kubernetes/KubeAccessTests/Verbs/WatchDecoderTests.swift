import Basics
import Foundation
import KubeTypes
import TestSupport
import Testing

@testable import KubeAccess

@Suite struct `The watch decoder` {
  typealias Event = WatchEvent<DynamicObject>

  static func text(_ event: Event) -> String {
    switch event {
    case .added(let object): "added \(object.name)"
    case .modified(let object): "modified \(object.name)"
    case .deleted(let object): "deleted \(object.name)"
    case .bookmark(let version): "bookmark \(version)"
    case .error(let status): "error \(status.code ?? 0) \(status.reason?.rawValue ?? "")"
    }
  }

  static func decode(_ pieces: [String]) throws -> [String] {
    var decoder = WatchDecoder<DynamicObject>()
    return try pieces.flatMap { try decoder.take(Data($0.utf8)).map(text) }
  }

  static func line(_ type: String, _ name: String) -> String {
    #"{"type":"\#(type)","object":{"metadata":{"name":"\#(name)"}}}"# + "\n"
  }

  @Test(arguments: [
    (#"{"type":"ADDED","object":{"metadata":{"name":"a"}}}"#, "added a"),
    (#"{"object":{"metadata":{"name":"a"}},"type":"MODIFIED"}"#, "modified a"),
    (#" { "type" : "DELETED" , "object" : { "metadata" : {"name":"a"} } } "#, "deleted a"),
    (#"{"type":"ADDED","object":{"metadata":{"name":"a"}},"later":"member"}"#, "added a"),
    (#"{"type":"ADDED","object":{"metadata":{"name":"}\",\"object\":{"}}}"#, #"added }","object":{"#),
    (#"{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"42"}}}"#, "bookmark 42"),
    (
      #"{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","code":410}}"#,
      "error 410 Expired"
    ),
  ])
  func `reads an event in any form`(line: String, expected: String) throws {
    #expect(try Self.decode([line + "\n"]) == [expected])
    #expect(try Self.decode([line + "\r\n"]) == [expected])
  }

  @Test func `skips blank lines`() throws {
    let text = "\n\r\n  \n" + Self.line("ADDED", "a") + "\n\n" + Self.line("DELETED", "a") + "\r"
    #expect(try Self.decode([text]) == ["added a", "deleted a"])
    #expect(try Self.decode(text.map(String.init)) == ["added a", "deleted a"])
  }

  @Test func `gives the same events wherever the body is cut`() throws {
    let seed = announcedSeed("watch cut anywhere")
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      var body = Data()
      var expected: [String] = []
      for index in 0..<Int.random(in: 1...12, using: &random) {
        let type = ["ADDED", "MODIFIED", "DELETED"].randomElement(using: &random) ?? "ADDED"
        let name = "é\(index)-" + String(repeating: "x", count: Int.random(in: 0...300, using: &random))
        body += Data(Self.line(type, name).utf8)
        expected.append("\(type.lowercased()) \(name)")
      }
      var decoder = WatchDecoder<DynamicObject>()
      var events: [String] = []
      while !body.isEmpty {
        let count = Int.random(in: 1...min(body.count, 200), using: &random)
        events += try decoder.take(Data(body.prefix(count))).map(Self.text)
        body = Data(body.dropFirst(count))
      }
      #expect(events == expected)
    }
  }

  @Test func `takes slices whose indices do not start at zero`() throws {
    let data = Data(("junk" + Self.line("ADDED", "a")).utf8)
    var decoder = WatchDecoder<DynamicObject>()
    #expect(try decoder.take(data[4...20]).map(Self.text) == [])
    #expect(try decoder.take(data[21...]).map(Self.text) == ["added a"])
  }

  @Test func `reads events of several mebibytes`() throws {
    let name = String(repeating: "n", count: 3 << 20)
    let bytes = Array(Self.line("ADDED", name).utf8)
    var decoder = WatchDecoder<DynamicObject>()
    var events: [WatchEvent<DynamicObject>] = []
    for start in stride(from: 0, to: bytes.count, by: 16 << 10) {
      events += try decoder.take(Data(bytes[start..<min(bytes.count, start + (16 << 10))]))
    }
    guard case .added(let object)? = events.first else {
      Issue.record("no event")
      return
    }
    #expect(events.count == 1)
    #expect(object.name.utf8.count == 3 << 20)
  }

  @Test(arguments: [
    ("garbage\n", "cannot be read"), (#"{"type":"ADDED""# + "\n", "cannot be read"),
    (#"{"type":"MOVED","object":{}}"# + "\n", #"unknown type "MOVED""#),
    (#"{"type":"ADDED","object":[}"# + "\n", "cannot be read"), (#"{"object":{}}"# + "\n", "cannot be read"),
    ("<html>\n", "cannot be read"),
  ])
  func `names what it cannot read`(line: String, expected: String) throws {
    let error = #expect(throws: KubeError.self) { try Self.decode([line]) }
    guard case .decoding = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func `hands on the events of a body one by one, then its error`() async throws {
    let body = AsyncThrowingStream<Data, any Error> { continuation in
      continuation.yield(Data((Self.line("ADDED", "a") + Self.line("ADDED", "b")).utf8))
      continuation.finish(throwing: APITransportError.unreachable("broken"))
    }
    var names: [String] = []
    let error = await failure {
      for try await event in WatchDecoder<DynamicObject>.events(of: body) { names.append(Self.text(event)) }
    }
    #expect(names == ["added a", "added b"])
    #expect(error as? APITransportError == .unreachable("broken"))
  }
}
