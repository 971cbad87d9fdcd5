import Basics
import KubeTypes
import Testing

@testable import KubeEmbedded

/// Server-side apply on random objects: whoever forces gets all that he asks for, and asking again changes nothing.
@Suite struct ApplyPropertyTests {
  private static let managers = ["alice", "bob", "carol"]

  private static func configuration(_ generator: inout Seeded) -> JSONValue {
    var data: [String: JSONValue] = [:]
    for key in ["a", "b", "c", "d"] where Bool.random(using: &generator) {
      data[key] = .string(String(Int.random(in: 0..<3, using: &generator)))
    }
    var labels: [String: JSONValue] = [:]
    for key in ["x", "y"] where Bool.random(using: &generator) { labels[key] = "1" }
    return ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["labels": .object(labels)], "data": .object(data)]
  }

  private static func apply(_ server: EmbeddedAPIServer, _ body: JSONValue, _ manager: String, force: Bool)
    -> APIResponse
  {
    server.respond(
      to: APIRequest(
        .patch, "\(Maps.path)/one", query: [("fieldManager", manager), ("force", force ? "true" : "false")],
        contentType: "application/apply-patch+yaml", body: JSONWriter.data(body)))
  }

  @Test(arguments: 0..<100) func theLastWordsOfAllManagersAreTheObject(_ seed: Int) throws {
    var generator = Seeded(UInt64(seed))
    let server = EmbeddedAPIServer()
    var wanted: [String: [String: JSONValue]] = [:]
    for _ in 0..<12 {
      let manager = Self.managers.randomElement(using: &generator) ?? "alice"
      let body = Self.configuration(&generator)
      let data = body["data"]?.objectValue ?? [:]
      let isContested = wanted.contains { other, fields in
        other != manager
          && data.contains { key, value in
            guard let theirs = fields[key] else { return false }
            return theirs != value
          }
      }
      let plain = Self.apply(server, body, manager, force: false)
      #expect((plain.status == 409) == isContested, "seed \(seed): \(String(decoding: plain.body, as: UTF8.self))")
      let forced = Self.apply(server, body, manager, force: true)
      #expect(forced.status == 200 || forced.status == 201, "seed \(seed)")
      // By force the others lose what they had at another value.
      for other in wanted.keys where other != manager {
        wanted[other] = wanted[other]?.filter { data[$0.key] == nil || data[$0.key] == $0.value }
      }
      wanted[manager] = data
      let object = try JSONParser.parse(forced.body)
      let expected = wanted.values.reduce(into: [String: JSONValue]()) { $0.merge($1) { $1 } }
      #expect((object["data"]?.objectValue ?? [:]) == expected, "seed \(seed)")
      let again = Self.apply(server, body, manager, force: false)
      #expect(try JSONParser.parse(again.body) == object, "seed \(seed): applying again must change nothing")
    }
  }
}
