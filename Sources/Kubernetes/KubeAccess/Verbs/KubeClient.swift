import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A client of one Kubernetes API server. A value: copy it freely, all copies share the transport's connections.
public struct KubeClient: Sendable {
  public let transport: any APITransport
  /// The namespace of calls that name none: the kubeconfig context's, or the pod's own.
  public let defaultNamespace: String
  private let clock: any RuntimeClock

  /// - Parameter clock: what waits until a busy server may be asked again.
  public init(
    transport: any APITransport, defaultNamespace: String = "default", clock: any RuntimeClock = .system
  ) {
    self.transport = transport
    self.defaultNamespace = defaultNamespace
    self.clock = clock
  }

  /// This client by another way to the server.
  public func through(_ transport: any APITransport) -> KubeClient {
    KubeClient(transport: transport, defaultNamespace: defaultNamespace, clock: clock)
  }

  /// The objects of a type in one namespace, or cluster-scoped ones.
  /// - Parameter namespace: nil takes the default namespace.
  public func resource<Object: KubeObject>(_ type: Object.Type, namespace: String? = nil) -> Resource<Object> {
    let definition = Object.definition
    return Resource(
      client: self, definition: definition, namespace: definition.namespaced ? namespace ?? defaultNamespace : nil)
  }

  /// The objects of a type in all namespaces: to list and watch.
  public func allNamespaces<Object: KubeObject>(_ type: Object.Type) -> Resource<Object> {
    Resource(client: self, definition: Object.definition, namespace: nil)
  }

  /// The objects of a resource known only at run time.
  public func dynamic(_ definition: ResourceDefinition, namespace: String? = nil) -> Resource<DynamicObject> {
    Resource(client: self, definition: definition, namespace: namespace)
  }

  /// Sends a request and returns the body of a 2xx answer; any other answer is thrown as ``KubeError/api(status:httpStatus:retryAfter:)``.
  ///
  /// A server that asks us to come back (429 with Retry-After: API priority and fairness; 503 with it: a server that starts or
  /// stops) is asked again a few times; it has done nothing yet, so that holds for writes as well.
  public func send(_ request: APIRequest) async throws(KubeError) -> Data {
    var triesLeft = 4
    while true {
      let response: APIResponse
      do { response = try await transport.send(request) } catch { throw .transport(error) }
      if (200..<300).contains(response.status) { return response.body }
      triesLeft -= 1
      let failure = Self.failure(httpStatus: response.status, retryAfter: response.retryAfter, body: response.body)
      guard [429, 503].contains(response.status), triesLeft > 0, let wait = failure.retryAfter, (0...10).contains(wait)
      else {
        throw failure
      }
      do { try await clock.sleep(for: .seconds(wait)) } catch { throw .transport(.cancelled) }
    }
  }

  /// Sends a request and decodes the answer.
  public func send<T: Decodable>(_ request: APIRequest, as type: T.Type) async throws(KubeError) -> T {
    try Self.decode(type, from: await send(request))
  }

  static func decode<T: Decodable>(_ type: T.Type, from body: Data) throws(KubeError) -> T {
    do { return try JSON.decode(type, from: body) } catch { throw .decoding("\(T.self): \(error)") }
  }

  static func encode<T: Encodable>(_ value: T) throws(KubeError) -> Data {
    do { return try JSON.encode(value) } catch { throw .decoding("\(T.self) cannot be written: \(error)") }
  }

  /// The error that an answer outside 2xx means. Proxies answer in plain text: that text becomes the message.
  static func failure(httpStatus: Int, retryAfter: Double?, body: Data) -> KubeError {
    if let status = try? JSON.decode(Status.self, from: body), status.kind == "Status" || status.reason != nil {
      let wait = retryAfter ?? status.details?.retryAfterSeconds.map(Double.init)
      return .api(status: status, httpStatus: httpStatus, retryAfter: wait)
    }
    let text = String(decoding: body.prefix(512), as: UTF8.self).drop { $0.isWhitespace }
    let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.endIndex
    let message = text.isEmpty ? "HTTP status \(httpStatus)" : String(text[..<end])
    return .api(
      status: Status(message: message, reason: nil, code: httpStatus), httpStatus: httpStatus, retryAfter: retryAfter)
  }
}
