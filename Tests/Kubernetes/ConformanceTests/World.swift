import Basics
import Foundation
import KubeAccess
import KubeTypes
import Testing

/// A server under test, and a namespace of one case's own on it.
struct World: Sendable {
  let client: KubeClient
  let namespace: String

  /// Prepares a server for one case: the widgets are served and the namespace is there.
  static func make(_ transport: any APITransport) async throws -> World {
    let world = World(
      client: KubeClient(transport: transport), namespace: "conformance-\(UUID().uuidString.prefix(8).lowercased())")
    try await world.install(Widget.definition)
    _ = try await world.call(.post, "/api/v1/namespaces", ["metadata": ["name": .string(world.namespace)]]).ok()
    return world
  }

  func tearDown() async { _ = try? await call(.delete, "/api/v1/namespaces/\(namespace)") }

  /// Installs a definition, which may be there already, and waits until its objects are served.
  func install(_ definition: JSONValue) async throws {
    let root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    let installed = try await call(.post, root, definition)
    guard installed.code == 201 || installed.code == 409 else {
      throw Unexpected("the definition is refused: \(installed)")
    }
    let plural = definition["spec"]?["names"]?["plural"]?.stringValue ?? ""
    try await eventually("\(plural) are served") {
      try await call(.get, "/apis/\(Widget.group)/v1/\(plural)").code == 200
    }
  }

  // MARK: Paths

  func widgets(_ name: String? = nil, _ subresource: String? = nil) -> String {
    path("/apis/\(Widget.group)/v1", "widgets", name, subresource)
  }
  func core(_ plural: String, _ name: String? = nil, _ subresource: String? = nil) -> String {
    path("/api/v1", plural, name, subresource)
  }
  private func path(_ root: String, _ plural: String, _ name: String?, _ subresource: String?) -> String {
    ([root, "namespaces", namespace, plural] + [name, subresource].compactMap { $0 }).joined(separator: "/")
  }

  // MARK: Calls

  /// An answer of any status.
  struct Answer: CustomStringConvertible {
    var code: Int
    var body: JSONValue

    var description: String {
      "HTTP \(code) \((try? JSON.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "")"
    }
    var reason: String? { body["reason"]?.stringValue }
    /// The fields of the causes, without what versions differ in: older servers leave the index of a list out, begin some
    /// paths with a dot, and name one fault twice.
    var fields: Set<String> {
      Set((body["details"]?["causes"]?.arrayValue ?? []).compactMap { $0["field"]?.stringValue }.map(Self.plain))
    }

    static func plain(_ field: String) -> String {
      String(field.replacing(/\[[0-9]+\]/, with: "").drop { $0 == "." })
    }

    /// The body of a 2xx answer.
    func ok(_ location: SourceLocation = #_sourceLocation) throws -> JSONValue {
      try #require((200..<300).contains(code), "\(self)", sourceLocation: location)
      return body
    }

    /// Expects a refusal with this code and reason, and, where given, about these fields.
    func refused(
      _ code: Int, _ reason: String, fields: Set<String>? = nil, _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(self.code == code, "\(self)", sourceLocation: location)
      #expect(self.reason == reason, "\(self)", sourceLocation: location)
      #expect(body["kind"] == "Status", "\(self)", sourceLocation: location)
      if let fields { #expect(self.fields == Set(fields.map(Self.plain)), "\(self)", sourceLocation: location) }
    }
  }

  func call(
    _ method: APIRequest.Method, _ path: String, _ body: JSONValue? = nil, _ query: [String: String] = [:],
    contentType: String = "application/json"
  ) async throws -> Answer {
    let request = APIRequest(
      method, path, query: query.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
      contentType: body == nil ? nil : contentType, body: try body.map { try JSON.encode($0) })
    let response = try await client.transport.send(request)
    return Answer(code: response.status, body: (try? JSON.decode(JSONValue.self, from: response.body)) ?? .null)
  }

  enum Format: String {
    case merge = "application/merge-patch+json"
    case json = "application/json-patch+json"
    case strategic = "application/strategic-merge-patch+json"
    case apply = "application/apply-patch+yaml"
  }

  func patch(
    _ path: String, _ format: Format, _ body: JSONValue, _ query: [String: String] = [:]
  ) async throws -> Answer {
    try await call(.patch, path, body, query, contentType: format.rawValue)
  }

  /// Applies a widget as a field manager.
  func apply(
    _ name: String, _ content: JSONValue, by manager: String, force: Bool = false, subresource: String? = nil
  ) async throws -> Answer {
    var body = content
    body["apiVersion"] = .string("\(Widget.group)/v1")
    body["kind"] = "Widget"
    body[path: ["metadata", "name"]] = .string(name)
    return try await patch(
      widgets(name, subresource), .apply, body, ["fieldManager": manager, "force": force ? "true" : "false"])
  }

  @discardableResult
  func create(_ widget: JSONValue) async throws -> JSONValue { try await call(.post, widgets(), widget).ok() }

  @discardableResult
  func createConfigMap(_ name: String, metadata: JSONValue = [:], data: JSONValue = [:]) async throws -> JSONValue {
    var metadata = metadata
    metadata["name"] = .string(name)
    return try await call(.post, core("configmaps"), ["metadata": metadata, "data": data]).ok()
  }

  // MARK: Waiting

  struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// Waits until something holds: at once in the embedded server, after a controller's turn in a real one.
  func eventually(
    _ what: String, within limit: Duration = .seconds(30), _ holds: () async throws -> Bool
  ) async throws {
    let end = ContinuousClock.now + limit
    var pause = Duration.milliseconds(2)
    while try await !holds() {
      guard ContinuousClock.now < end else { throw Unexpected("not within \(limit): \(what)") }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(200))
    }
  }

  func isGone(_ path: String) async throws -> Bool { try await call(.get, path).code == 404 }
}

/// A line of a watch.
struct Seen: Sendable, CustomStringConvertible {
  var type: String
  var object: JSONValue
  var name: String { object["metadata"]?["name"]?.stringValue ?? "" }
  var version: Int64 { Int64(object["metadata"]?["resourceVersion"]?.stringValue ?? "") ?? 0 }
  var description: String { "\(type) \(name)" }
}

extension World {
  /// Opens a watch and reads it until `done`, or until the server ends it. `act` runs once the watch is open.
  func watch(
    _ path: String, _ query: [String: String], within limit: Duration = .seconds(20),
    act: @escaping @Sendable () async throws -> Void = {}, until done: @escaping @Sendable ([Seen]) -> Bool
  ) async throws -> [Seen] {
    let items = query.merging(["watch": "true"]) { $1 }.map { (name: $0.key, value: $0.value) }
    let stream = try await client.transport.stream(APIRequest(.get, path, query: items, timeout: nil))
    guard stream.status == 200 else {
      var body = Data()
      for try await piece in stream.body { body += piece }
      return [Seen(type: "HTTP", object: ["code": .int(Int64(stream.status))])]
    }
    try await act()
    return try await withThrowingTaskGroup(of: [Seen].self) { group in
      group.addTask {
        var seen: [Seen] = []
        var buffer = Data()
        for try await piece in stream.body {
          buffer += piece
          while let newline = buffer.firstIndex(of: 10) {
            let line = try JSON.decode(JSONValue.self, from: Data(buffer[buffer.startIndex..<newline]))
            buffer = Data(buffer[(newline + 1)...])
            seen.append(Seen(type: line["type"]?.stringValue ?? "", object: line["object"] ?? .null))
          }
          if done(seen) { break }
        }
        return seen
      }
      group.addTask {
        try await Task.sleep(for: limit)
        throw Unexpected("the watch of \(path) did not show what it should within \(limit)")
      }
      defer { group.cancelAll() }
      return try await group.next() ?? []
    }
  }
}

/// The events of a watch but for bookmarks, which a server may send at any time.
func changes(_ seen: [Seen]) -> [Seen] { seen.filter { $0.type != "BOOKMARK" } }

extension JSONValue {
  subscript(meta key: String) -> JSONValue? { self["metadata"]?[key] }
  var version: String { self[meta: "resourceVersion"]?.stringValue ?? "" }
  var uid: String { self[meta: "uid"]?.stringValue ?? "" }
  var generation: Int64 { self[meta: "generation"]?.intValue ?? 0 }
  var itemNames: [String] { (self["items"]?.arrayValue ?? []).compactMap { $0[meta: "name"]?.stringValue } }
}
