import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The way to an API server over the network, by libcurl: all watches and log streams on one HTTP/2 connection, requests
/// on a few kept HTTP/1.1 connections; one thread drives each kind.
///
/// They are kept apart for libcurl 7.88 (Debian 12): on a connection that streams share, a large answer now and then
/// stalls until its timeout, the more often the more streams there are.
public final class CurlTransport: APITransport {
  private let requests: CurlEngine
  private let streams: CurlEngine
  private let options: ConnectionOptions
  private let credentials: any CredentialSource

  /// Requests under way at once.
  private static let maxRequests = 16
  /// How long the head of a stream's answer may take.
  private static let streamAnswerTimeout = Duration.seconds(30)

  /// - Throws: ``APITransportError/unreachable(_:)`` where libcurl cannot be started.
  public init(
    _ identity: ServerIdentity, credentials: any CredentialSource = NoCredentials()
  ) throws(APITransportError) {
    guard let requests = CurlEngine(maxConnections: Self.maxRequests), requests.start() else {
      throw .unreachable("libcurl could not be started")
    }
    guard let streams = CurlEngine(maxConnections: 0), streams.start() else {
      requests.submit(.stop)
      throw .unreachable("libcurl could not be started")
    }
    self.requests = requests
    self.streams = streams
    self.credentials = credentials
    options = ConnectionOptions(identity)
  }

  deinit {
    requests.submit(.stop)
    streams.submit(.stop)
  }

  public func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse {
    let authorization = try await credentials.authorization()
    let answer = try await exchange(request, authorization: authorization)
    guard answer.status == 401, await credentials.renew(refused: authorization) else { return answer }
    return try await exchange(request, authorization: await credentials.authorization())
  }

  private func exchange(
    _ request: APIRequest, authorization: String?
  ) async throws(APITransportError) -> APIResponse {
    let answer = WholeAnswer()
    let transfer = Transfer(request, options: options, authorization: authorization, sink: answer)
    let engine = requests
    return try await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        answer.whenDone(continuation)
        engine.submit(.add(transfer))
      }
    } onCancel: {
      engine.submit(.cancel(transfer))
    }.get()
  }

  public func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream {
    let authorization = try await credentials.authorization()
    let first = try await open(request, authorization: authorization)
    guard first.status == 401, await credentials.renew(refused: authorization) else { return first }
    return try await open(request, authorization: await credentials.authorization())
  }

  private func open(_ request: APIRequest, authorization: String?) async throws(APITransportError) -> APIStream {
    let answer = StreamedAnswer()
    let transfer = Transfer(
      request, options: options, authorization: authorization, sink: answer, answerWithin: Self.streamAnswerTimeout)
    let exchange = StreamExchange(transport: self, engine: streams, transfer: transfer, answer: answer)
    let head = try await exchange.open().get()
    return APIStream(
      status: head.status, retryAfter: head.retryAfter,
      body: AsyncThrowingStream(unfolding: { try await exchange.next() }))
  }
}

/// A stream under way. Whoever lets go of it, or is cancelled while waiting for it, ends the transfer.
private final class StreamExchange: Sendable {
  /// Held so that a stream outlives the last client that a caller kept: a transport that goes stops its engine.
  private let transport: CurlTransport
  private let engine: CurlEngine
  private let transfer: Transfer
  private let answer: StreamedAnswer

  init(transport: CurlTransport, engine: CurlEngine, transfer: Transfer, answer: StreamedAnswer) {
    self.transport = transport
    self.engine = engine
    self.transfer = transfer
    self.answer = answer
  }

  deinit { engine.submit(.cancel(transfer)) }

  func open() async -> Result<(status: Int, retryAfter: Double?), APITransportError> {
    await withTaskCancellationHandler {
      engine.submit(.add(transfer))
      return await answer.waitForHead()
    } onCancel: {
      engine.submit(.cancel(transfer))
    }
  }

  func next() async throws -> Data? {
    try await withTaskCancellationHandler {
      try await answer.next(resume: { engine.submit(.resume(transfer)) })
    } onCancel: {
      engine.submit(.cancel(transfer))
    }
  }
}
