import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ServerState {
  /// The stored object of a name.
  func live(_ name: String, _ target: Target) throws(APIFailure) -> Stored {
    guard let object = stored(target.address(name)) else { throw .notFound(target.subject, name) }
    return object
  }

  func get(_ name: String, _ target: Target, _ query: RequestQuery) throws(APIFailure) -> APIResponse {
    var object = stored(target.address(name))
    if let version = query.staleVersion, let past = collections[target.type.id]?.objects(at: version) {
      object = past[target.address(name).key]
    }
    guard let object else { throw .notFound(target.subject, name) }
    return APIResponse(status: 200, body: object.bytes(as: target.apiVersion))
  }

  /// The selection a query asks for.
  func selection(_ query: RequestQuery, _ type: ResourceType) throws(APIFailure) -> Selection {
    Selection(
      labels: try LabelSelector(query.labelSelector), fields: try FieldSelector(query.fieldSelector, type: type))
  }

  /// A list, or a page of one. Every page of a list shows the state at the first page's version.
  func list(_ target: Target, _ query: RequestQuery) throws(APIFailure) -> APIResponse {
    let selection = try selection(query, target.type)
    var at = query.staleVersion.map { min($0, version) } ?? version
    var after: ObjectKey?
    if !query.continuation.isEmpty {
      let token = try PageToken(query.continuation)
      at = token.version
      after = token.last
    } else if let wanted = query.resourceVersion {
      if wanted > version { throw tooLarge(wanted) }
      if query.matchesExactly { at = wanted }
    }
    if at < expiredVersion, at != version { throw expiredPage() }
    let collection = collections[target.type.id] ?? Collection()
    guard let objects = at == version ? collection.objects : collection.objects(at: at) else { throw expiredPage() }
    var items = objects.filter { key, object in
      (target.namespace == nil || key.namespace == target.namespace) && selection.matches(object)
    }.sorted { $0.key < $1.key }
    if let after { items.removeAll { $0.key <= after } }
    var metadata: [String: JSONValue] = ["resourceVersion": .string(String(at))]
    if let limit = query.limit, items.count > limit {
      let rest = items.count - limit
      items.removeLast(rest)
      metadata["continue"] = .string(PageToken(version: at, last: items[limit - 1].key).text)
      if selection.isEverything { metadata["remainingItemCount"] = .int(Int64(rest)) }
    }
    return APIResponse(status: 200, body: body(items.map(\.value), metadata, target))
  }

  private func body(_ items: [Stored], _ metadata: [String: JSONValue], _ target: Target) -> Data {
    var body = Data(capacity: 256 + items.reduce(0) { $0 + $1.bytes.count + 1 })
    body.append(contentsOf: "{\"kind\":\"\(target.type.listKind)\",\"apiVersion\":\"\(target.apiVersion)\",".utf8)
    body.append(contentsOf: "\"metadata\":".utf8)
    body.append(JSONWriter.data(.object(metadata)))
    body.append(contentsOf: ",\"items\":[".utf8)
    for (position, item) in items.enumerated() {
      if position > 0 { body.append(UInt8(ascii: ",")) }
      body.append(item.bytes(as: target.apiVersion))
    }
    body.append(contentsOf: "]}".utf8)
    return body
  }

  private func expiredPage() -> APIFailure {
    .expired(
      "The provided continue parameter is too old to display a consistent list result. You must start a new list "
        + "without the continue parameter.")
  }

  func tooLarge(_ wanted: Int64) -> APIFailure {
    APIFailure(
      504, .timeout, "Too large resource version: \(wanted), current: \(version)",
      details: StatusDetails(
        causes: [StatusCause(reason: "ResourceVersionTooLarge", message: "Too large resource version")],
        retryAfterSeconds: 1))
  }
}

/// Where the next page of a list begins.
struct PageToken: Equatable {
  var version: Int64
  var last: ObjectKey

  init(version: Int64, last: ObjectKey) {
    self.version = version
    self.last = last
  }

  var text: String { Data("\(version)/\(last.namespace)/\(last.name)".utf8).base64EncodedString() }

  init(_ text: String) throws(APIFailure) {
    guard let data = Data(base64Encoded: text) else { throw Self.failure }
    let parts = String(decoding: data, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, let version = Int64(parts[0]) else { throw Self.failure }
    self.init(version: version, last: ObjectKey(namespace: String(parts[1]), name: String(parts[2])))
  }

  private static let failure = APIFailure.badRequest("continue key is not valid")
}
