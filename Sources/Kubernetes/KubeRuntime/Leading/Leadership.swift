import KubeAccess
import KubeTypes

/// One term of a ``LeaderElector``'s candidate, for what runs during it.
public struct Leadership: Sendable {
  let elector: LeaderElector
  let term: Int

  /// True while this very term goes on, by the candidate's own clock.
  public var isHeld: Bool { timeForWrites != nil }

  /// How long a write that is begun now may take before another may lead; nil where none may be begun any more.
  public var timeForWrites: Duration? { elector.timeForWrites(inTerm: term) }

  /// `client`, with its writes refused once this term is over.
  public func fencing(_ client: KubeClient) -> KubeClient {
    client.through(FencedTransport(client.transport) { timeForWrites })
  }
}

/// A way to an API server that refuses writes once they are not allowed any more: for work that only a leader may do.
///
/// Each request is asked about when it is about to be sent, those of a call that is repeated among them. One that is
/// allowed gets no longer than what is left of the lease. What no client can rule out is a request that the network holds
/// back until after that; the preconditions that go along with our writes are for it.
public struct FencedTransport: APITransport {
  private let transport: any APITransport
  private let timeForWrites: @Sendable () -> Duration?

  /// - Parameter timeForWrites: how long a write that is begun now may take; nil where none may be begun.
  public init(_ transport: any APITransport, timeForWrites: @escaping @Sendable () -> Duration?) {
    self.transport = transport
    self.timeForWrites = timeForWrites
  }

  public func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    guard request.method.isWrite else { return try await transport.send(request) }
    guard let left = timeForWrites() else { throw .fenced }
    var request = request
    request.timeout = request.timeout.map { min($0, left) } ?? left
    return try await transport.send(request)
  }

  public func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    guard !request.method.isWrite || timeForWrites() != nil else { throw .fenced }
    return try await transport.stream(request)
  }
}
