import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The verbs on one resource, in one namespace or in all.
public struct Resource<Object: Codable & Sendable>: Sendable {
  public let client: KubeClient
  public let definition: ResourceDefinition
  /// nil: all namespaces, or a cluster-scoped resource.
  public let namespace: String?

  public init(client: KubeClient, definition: ResourceDefinition, namespace: String?) {
    self.client = client
    self.definition = definition
    self.namespace = namespace
  }

  func path(_ name: String? = nil, _ subresource: String? = nil) -> String {
    definition.path(
      namespace: namespace.map(ConnectionOptions.encodeSegment), name: name.map(ConnectionOptions.encodeSegment),
      subresource: subresource)
  }

  public func get(_ name: String, subresource: String? = nil) async throws(KubeError) -> Object {
    try await client.send(APIRequest(.get, path(name, subresource)), as: Object.self)
  }

  /// One page of the collection; `metadata.continue` leads to the next.
  public func list(_ options: ListOptions = ListOptions()) async throws(KubeError) -> ObjectList<Object> {
    try await client.send(APIRequest(.get, path(), query: options.query), as: ObjectList<Object>.self)
  }

  /// The whole collection, read in pages of `pageSize`. A page token that expired on the way (410) starts again once.
  public func listAll(
    _ options: ListOptions = ListOptions(), pageSize: Int = 500
  ) async throws(KubeError) -> ObjectList<Object> {
    var restarted = false
    while true {
      do {
        var page = options
        page.limit = pageSize
        var items: [Object] = []
        while true {
          let part = try await list(page)
          items += part.items
          guard let next = part.metadata.continue, !next.isEmpty else {
            return ObjectList(metadata: part.metadata, items: items)
          }
          page.continue = next
          page.resourceVersion = nil
        }
      } catch {
        guard error.isGone, !restarted else { throw error }
        restarted = true
      }
    }
  }

  public func create<Body: Encodable & Sendable>(
    _ object: Body, fieldManager: String? = nil
  ) async throws(KubeError) -> Object {
    let query = fieldManager.map { [(name: "fieldManager", value: $0)] } ?? []
    return try await client.send(
      APIRequest(.post, path(), query: query, contentType: "application/json", body: KubeClient.encode(object)),
      as: Object.self)
  }

  /// Posts to a subresource of an object: `pods/binding`, `pods/eviction`, `serviceaccounts/token`.
  public func createSubresource<Body: Encodable & Sendable, Answer: Decodable & Sendable>(
    _ name: String, _ subresource: String, _ body: Body, as type: Answer.Type
  ) async throws(KubeError) -> Answer {
    try await client.send(
      APIRequest(
        .post, path(name, subresource), contentType: "application/json", body: KubeClient.encode(body)),
      as: type)
  }

  /// Replaces an object; the server refuses (409) where its `resourceVersion` is not the newest.
  public func update(
    _ name: String, _ object: Object, subresource: String? = nil
  ) async throws(KubeError) -> Object {
    try await client.send(
      APIRequest(
        .put, path(name, subresource), contentType: "application/json", body: KubeClient.encode(object)),
      as: Object.self)
  }

  /// Changes an object by a patch. Server-side apply needs a field manager.
  public func patch(
    _ name: String, _ patch: Patch, subresource: String? = nil, fieldManager: String? = nil
  ) async throws(KubeError) -> Object {
    try await client.send(
      patchRequest(name, patch, subresource: subresource, fieldManager: fieldManager), as: Object.self)
  }

  private func patchRequest(
    _ name: String, _ patch: Patch, subresource: String?, fieldManager: String?
  ) throws(KubeError) -> APIRequest {
    var query: [(name: String, value: String)] = []
    if let fieldManager { query.append(("fieldManager", fieldManager)) }
    if case .apply(_, let force) = patch, force { query.append(("force", "true")) }
    let body: Data
    do { body = try patch.body() } catch { throw .decoding("the patch cannot be written: \(error)") }
    return APIRequest(.patch, path(name, subresource), query: query, contentType: patch.contentType, body: body)
  }

  /// Deletes an object. Returns nothing of it: the server answers with the object or a Status, as it likes.
  public func delete(_ name: String, _ options: DeleteOptions = DeleteOptions()) async throws(KubeError) {
    _ = try await client.send(
      APIRequest(
        .delete, path(name), contentType: "application/json", body: KubeClient.encode(options)))
  }

  public func getScale(_ name: String) async throws(KubeError) -> Scale {
    try await client.send(APIRequest(.get, path(name, "scale")), as: Scale.self)
  }

  /// Sets `spec.replicas` through the scale subresource.
  public func setScale(_ name: String, replicas: Int) async throws(KubeError) -> Scale {
    let body = JSONValue.object(["spec": ["replicas": .int(Int64(replicas))]])
    return try await client.send(
      patchRequest(name, .merge(body), subresource: "scale", fieldManager: nil), as: Scale.self)
  }

  /// Opens a watch. The stream ends when the server ends it; cancelling the consuming task closes it.
  /// Reconnecting, resuming and relisting belong to KubeRuntime's watcher.
  public func watch(
    _ options: WatchOptions
  ) async throws(KubeError) -> AsyncThrowingStream<WatchEvent<Object>, any Error> {
    let body = try await open(nil, subresource: nil, query: options.query)
    return WatchDecoder<Object>.events(of: body)
  }

  /// Opens an answer without end.
  /// - Throws: ``KubeError``, also for any status outside 2xx.
  func open(
    _ name: String?, subresource: String?, query: [(name: String, value: String)]
  ) async throws(KubeError) -> AsyncThrowingStream<Data, any Error> {
    let stream: APIStream
    do {
      stream = try await client.transport.stream(APIRequest(.get, path(name, subresource), query: query, timeout: nil))
    } catch { throw .transport(error) }
    guard (200..<300).contains(stream.status) else {
      var body = Data()
      do { for try await piece in stream.body { body += piece } } catch {}
      throw KubeClient.failure(httpStatus: stream.status, retryAfter: stream.retryAfter, body: body)
    }
    return stream.body
  }
}
