import Basics
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes

/// Requests to an embedded server about config maps in `default`.
struct Maps: Sendable {
  let server: EmbeddedAPIServer
  var client: KubeClient { KubeClient(transport: server) }
  static let path = "/api/v1/namespaces/default/configmaps"
  static let definition = ResourceDefinition(group: "", version: "v1", plural: "configmaps", kind: "ConfigMap")
  var resource: Resource<DynamicObject> { client.dynamic(Self.definition, namespace: "default") }

  init(_ options: EmbeddedAPIServer.Options = .init()) { server = EmbeddedAPIServer(options: options) }

  @discardableResult
  func create(_ name: String, data: JSONValue = [:], metadata: JSONValue = [:]) async throws -> JSONValue {
    var metadata = metadata
    metadata["name"] = .string(name)
    return try await resource.create(DynamicObject(["metadata": metadata, "data": data])).content
  }

  /// Opens a watch and hands out its lines.
  func watch(_ query: [(name: String, value: String)] = []) async throws -> (status: Int, lines: Lines) {
    let stream = try await server.stream(APIRequest(.get, Self.path, query: [("watch", "true")] + query, timeout: nil))
    return (stream.status, Lines(stream.body))
  }
}

/// The lines of a watch, one by one.
struct Lines {
  private var iterator: AsyncThrowingStream<Data, any Error>.AsyncIterator
  private var ready: [JSONValue] = []

  init(_ body: AsyncThrowingStream<Data, any Error>) { iterator = body.makeAsyncIterator() }

  /// The next line as `(type, name)`; nil at the end.
  mutating func next() async throws -> (type: String, object: JSONValue)? {
    while ready.isEmpty {
      guard let piece = try await iterator.next() else { return nil }
      ready = try piece.split(separator: 10).map { try JSON.decode(JSONValue.self, from: Data($0)) }
    }
    let line = ready.removeFirst()
    return (line["type"]?.stringValue ?? "", line["object"] ?? .null)
  }

  /// All lines to the end of the stream.
  mutating func rest() async throws -> [String] {
    var types: [String] = []
    while let line = try await next() { types.append(line.type) }
    return types
  }
}

extension JSONValue {
  var version: String { self["metadata"]?["resourceVersion"]?.stringValue ?? "" }
}

/// The same random numbers for the same seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 2 &+ 1 }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
