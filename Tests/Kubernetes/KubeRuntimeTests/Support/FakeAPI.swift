import Basics
import Foundation
import KubeTypes
import Synchronization

@testable import KubeAccess
@testable import KubeRuntime

/// Objects behind paths, with resource versions and conflicts: as much of an API server as leases and events need.
final class FakeAPI: Sendable {
  private struct State {
    var objects: [String: JSONValue] = [:]
    var version = 100
    var uids = 0
    var requests: [(method: APIRequest.Method, path: String)] = []
  }
  private let state = Mutex(State())

  var requests: [(method: APIRequest.Method, path: String)] { state.withLock { $0.requests } }
  func object(_ path: String) -> JSONValue? { state.withLock { $0.objects[path] } }
  var objects: [String: JSONValue] { state.withLock { $0.objects } }
  func remove(_ path: String) { state.withLock { $0.objects[path] = nil } }

  func answer(_ request: APIRequest) -> APIResponse {
    state.withLock { state in
      state.requests.append((request.method, request.path))
      let body = request.body.flatMap { try? JSON.decode(JSONValue.self, from: $0) } ?? .null
      switch request.method {
      case .get:
        guard let object = state.objects[request.path] else { return Self.failure(404, .notFound) }
        return Self.success(object)
      case .post:
        let name = body[path: ["metadata", "name"]]?.stringValue ?? ""
        let path = request.path + "/" + name
        guard state.objects[path] == nil else { return Self.failure(409, .alreadyExists) }
        state.uids += 1
        var object = body
        object[path: ["metadata", "uid"]] = .string("uid-\(state.uids)")
        return Self.success(Self.store(object, path, &state))
      case .put:
        guard let object = state.objects[request.path] else { return Self.failure(404, .notFound) }
        let held = object[path: ["metadata", "resourceVersion"]]
        guard body[path: ["metadata", "resourceVersion"]] == held else { return Self.failure(409, .conflict) }
        return Self.success(Self.store(body, request.path, &state))
      case .patch:
        guard var object = state.objects[request.path] else { return Self.failure(404, .notFound) }
        for (key, value) in body.objectValue ?? [:] { object[key] = value }
        return Self.success(Self.store(object, request.path, &state))
      case .delete:
        state.objects[request.path] = nil
        return Self.success(.object([:]))
      }
    }
  }

  private static func store(_ object: JSONValue, _ path: String, _ state: inout State) -> JSONValue {
    state.version += 1
    var object = object
    object[path: ["metadata", "resourceVersion"]] = .string(String(state.version))
    state.objects[path] = object
    return object
  }

  private static func success(_ value: JSONValue) -> APIResponse {
    APIResponse(status: 200, body: (try? JSON.encode(value)) ?? Data())
  }

  static func failure(_ code: Int, _ reason: StatusReason) -> APIResponse {
    let status = Status(message: reason.rawValue, reason: reason, code: code)
    return APIResponse(status: code, body: (try? JSON.encode(status)) ?? Data())
  }
}

/// A way to a ``FakeAPI`` on which things may happen before the request arrives, and before the answer does.
struct FakeTransport: APITransport {
  let api: FakeAPI
  /// May wait, throw, or answer in the server's place.
  var before: @Sendable (APIRequest) async throws -> APIResponse? = { _ in nil }
  var after: @Sendable (APIRequest) async throws -> Void = { _ in }

  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    do {
      if let answer = try await before(request) { return answer }
      let answer = api.answer(request)
      try await after(request)
      return answer
    } catch let error as APITransportError {
      throw error
    } catch {
      throw .cancelled
    }
  }

  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    throw .unreachable("no streams here")
  }
}
