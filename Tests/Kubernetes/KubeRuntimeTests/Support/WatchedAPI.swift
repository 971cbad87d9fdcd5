import Basics
import Foundation
import KubeTypes
import Synchronization

@testable import KubeAccess
@testable import KubeRuntime

/// A ``ModelServer`` behind a transport: lists in pages, watches that stay open, and a network that a test can break.
final class WatchedAPI: APITransport {
  struct State {
    var server = ModelServer()
    var watches: [Int: AsyncThrowingStream<Data, any Error>.Continuation] = [:]
    var nextWatch = 0
    var lists = 0
    var watchVersions: [String] = []
    /// Answers to give instead, first come first served.
    var listFailures: [APIResponse] = []
    var watchFailures: [APIResponse] = []
  }
  let state = Mutex(State())

  var lists: Int { state.withLock { $0.lists } }
  var watchVersions: [String] { state.withLock { $0.watchVersions } }
  var openWatches: Int { state.withLock { $0.watches.count } }
  var notes: [String: Note] { state.withLock { $0.server.objects } }

  /// Writes an object and tells everybody who watches.
  func write(_ name: String, text: String, delete: Bool = false) {
    state.withLock { state in
      state.server.write(name, text: text, delete: delete)
      guard let entry = state.server.history.last else { return }
      for watch in state.watches.values { watch.yield(Self.line(entry)) }
    }
  }

  func send(bookmark version: Int) {
    sendLine("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"\(version)\"}}}\n")
  }

  func sendLine(_ line: String) {
    state.withLock { state in
      for watch in state.watches.values { watch.yield(Data(line.utf8)) }
    }
  }

  /// Ends all open watches, in order or broken.
  func endWatches(throwing error: APITransportError? = nil) {
    let watches = state.withLock { state in
      defer { state.watches = [:] }
      return state.watches
    }
    for watch in watches.values { watch.finish(throwing: error) }
  }

  private static func line(_ entry: ModelServer.Entry) -> Data {
    struct Event: Encodable {
      var type: String
      var object: Note
    }
    let body = (try? JSON.encode(Event(type: entry.kind.rawValue, object: entry.object))) ?? Data()
    return body + Data("\n".utf8)
  }

  private static func query(_ request: APIRequest, _ name: String) -> String? {
    request.query.first { $0.name == name }?.value
  }

  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    state.withLock { state in
      if Self.query(request, "continue") == nil { state.lists += 1 }
      if !state.listFailures.isEmpty { return state.listFailures.removeFirst() }
      do {
        let limit = Self.query(request, "limit").flatMap { Int($0) } ?? .max
        let page = try state.server.list(limit: limit, token: Self.query(request, "continue"))
        let list = ObjectList(
          metadata: ListMeta(resourceVersion: String(page.version), continue: page.token), items: page.items)
        return APIResponse(status: 200, body: (try? JSON.encode(list)) ?? Data())
      } catch { return FakeAPI.failure(410, .expired) }
    }
  }

  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    let (stream, continuation) = AsyncThrowingStream<Data, any Error>.makeStream()
    let status: Int = state.withLock { state in
      let version = Self.query(request, "resourceVersion") ?? ""
      state.watchVersions.append(version)
      if !state.watchFailures.isEmpty {
        let failure = state.watchFailures.removeFirst()
        continuation.yield(failure.body)
        continuation.finish()
        return failure.status
      }
      guard let missed = try? state.server.events(after: Int(version) ?? 0) else {
        continuation.yield(FakeAPI.failure(410, .expired).body)
        continuation.finish()
        return 410
      }
      for entry in missed { continuation.yield(Self.line(entry)) }
      let id = state.nextWatch
      state.nextWatch += 1
      state.watches[id] = continuation
      continuation.onTermination = { [weak self] _ in
        // Outside any lock: an end may come from within one.
        Task { self?.forget(id) }
      }
      return 200
    }
    return APIStream(status: status, body: stream)
  }

  private func forget(_ id: Int) { state.withLock { $0.watches[id] = nil } }
}
