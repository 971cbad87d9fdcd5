import Basics
import KubeTypes
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The Kubernetes API in one process, behind the transport that clients also reach a real API server by.
///
/// Objects are JSON trees in memory under one lock; a request parses its body outside the lock, and inside it neither
/// waits nor calls out. Nothing is stored on disk, RBAC objects are kept but not enforced, and there are neither
/// controllers nor kubelets except for garbage collection and the deletion of namespaces, which happen at once.
/// `x-kubernetes-validations` are held to by a small CEL evaluator; `managedFields` are kept but not shown; events do not
/// expire.
public final class EmbeddedAPIServer: APITransport, Sendable {
  /// Asked before each request what is to be done with it.
  public typealias Interceptor = @Sendable (APIRequest) async -> Interception

  let state: Mutex<ServerState>
  let options: Options
  private let interceptor = Mutex<Interceptor?>(nil)
  private let bookmarks = Mutex<Task<Void, Never>?>(nil)

  /// A server with the namespaces `default`, `kube-system`, `kube-public` and `kube-node-lease`.
  public init(options: Options = Options()) {
    self.options = options
    var initial = ServerState(options: options)
    for name in ["default", "kube-system", "kube-public", "kube-node-lease"] { initial.bootstrapNamespace(name) }
    state = Mutex(initial)
  }

  deinit { bookmarks.withLock { $0?.cancel() } }

  /// Answers a request, after the interceptor had its say.
  public func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    switch await verdict(on: request) {
    case .proceed: break
    case .refuse(let status): return Self.response(to: status)
    case .breakBefore(let error): throw error
    case .loseAnswer(let error):
      _ = respond(to: request)
      throw error
    case .stale(let version): return respond(to: request, asOf: version)
    case .delay(let pause): try await wait(pause)
    }
    return respond(to: request)
  }

  /// Opens a watch; any other request is answered as by ``send(_:)``, in one piece.
  public func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    switch await verdict(on: request) {
    case .proceed, .stale: break
    case .refuse(let status): return Self.stream(of: Self.response(to: status))
    case .breakBefore(let error), .loseAnswer(let error): throw error
    case .delay(let pause): try await wait(pause)
    }
    do {
      let parsed = try ParsedRequest(request)
      guard request.method == .get, parsed.query.watch else { return Self.stream(of: respond(to: request)) }
      return try openWatch(parsed)
    } catch { return Self.stream(of: Self.response(to: error.status)) }
  }

  /// Answers any request but a watch, synchronously: all that ``send(_:)`` does but for injected faults.
  public func respond(to request: APIRequest) -> APIResponse { respond(to: request, asOf: nil) }

  private func respond(to request: APIRequest, asOf version: Int64?) -> APIResponse {
    do {
      var parsed = try ParsedRequest(request)
      if let version { parsed.query.staleVersion = version }
      return try withState { (state: inout ServerState) throws(APIFailure) in try state.answer(parsed) }
    } catch { return Self.response(to: error.status) }
  }

  /// Installs a CustomResourceDefinition, or replaces the one of its name: what POST and PUT do.
  /// - Throws: the server's ``Status``, as an ``EmbeddedAPIError``, where the definition is refused.
  public func install(crd: JSONValue) throws(EmbeddedAPIError) {
    let root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    let body = JSONWriter.data(crd)
    var response = respond(to: APIRequest(.post, root, contentType: "application/json", body: body))
    if response.status == 409 {
      response = respond(
        to: APIRequest(.put, "\(root)/\(crd.objectName)", contentType: "application/json", body: body))
    }
    guard response.status < 300 else {
      throw EmbeddedAPIError(status: (try? JSON.decode(Status.self, from: response.body)) ?? Status())
    }
  }

  // MARK: Hooks for tests

  /// Has a closure asked before every request; nil asks nobody.
  public func intercept(_ closure: Interceptor?) { interceptor.withLock { $0 = closure } }

  /// Forgets all past events: watches and page tokens from before now get 410.
  public func expireHistory() {
    withState { state in
      for id in state.collections.keys { state.collections[id]?.history.expire(upTo: state.version) }
      state.expiredVersion = state.version
    }
  }

  /// Ends every open watch, as a server that restarts does.
  public func dropWatches() {
    withState { state in
      for watcher in state.watchers { state.end(watcher) }
    }
  }

  /// Sends a bookmark to every watch that allows them.
  public func sendBookmarks() {
    withState { state in
      for watcher in state.watchers where watcher.allowsBookmarks {
        if !watcher.send(watcher.bookmark(max(state.version, watcher.from))) { state.end(watcher) }
      }
    }
  }

  /// The resource version of the last write.
  public var resourceVersion: Int64 { withState { $0.version } }
  /// How many watches are open.
  public var watchCount: Int { withState { $0.watchers.count } }

  // MARK: Inside

  /// Runs `body` under the lock, and ends afterwards the watches it gave up.
  func withState<Result: Sendable, Failure: Error>(
    _ body: (inout ServerState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (outcome, ended) = state.withLock { state -> (Swift.Result<Result, Failure>, [Watcher]) in
      let outcome: Swift.Result<Result, Failure>
      do throws(Failure) { outcome = .success(try body(&state)) } catch { outcome = .failure(error) }
      let ended = state.ended
      state.ended = []
      return (outcome, ended)
    }
    for watcher in ended { watcher.finish() }
    return try outcome.get()
  }

  private func verdict(on request: APIRequest) async -> Interception {
    guard let closure = interceptor.withLock({ $0 }) else { return .proceed }
    return await closure(request)
  }

  private func wait(_ pause: Duration) async throws(APITransportError) {
    do { try await options.sleep(pause) } catch { throw .cancelled }
  }

  /// Starts the task that sends bookmarks, with the first watch.
  func startBookmarks() {
    guard let interval = options.bookmarkInterval else { return }
    let sleep = options.sleep
    bookmarks.withLock { task in
      guard task == nil else { return }
      task = Task(executorPreference: options.executor) { [weak self] in
        while (try? await sleep(interval)) != nil, !Task.isCancelled {
          guard let self else { return }
          sendBookmarks()
        }
      }
    }
  }

  static func response(to status: Status) -> APIResponse {
    let body = (try? JSON.encode(status)) ?? Data()
    return APIResponse(
      status: status.code ?? 500, retryAfter: status.details?.retryAfterSeconds.map(Double.init), body: body)
  }

  static func stream(of response: APIResponse) -> APIStream {
    APIStream(
      status: response.status, retryAfter: response.retryAfter,
      body: AsyncThrowingStream { continuation in
        continuation.yield(response.body)
        continuation.finish()
      })
  }
}

/// A call that the embedded server refused, outside any transport.
public struct EmbeddedAPIError: Error, CustomStringConvertible {
  /// The server's own word: reason, message and the fields it is about.
  public let status: Status
  public var description: String { status.message ?? "the embedded API server refused the request" }
}
