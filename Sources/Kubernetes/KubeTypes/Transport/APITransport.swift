#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One request to an API server, before any connection or credential.
public struct APIRequest: Sendable {
  public enum Method: String, Sendable {
    case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"

    /// True where a request of this method may change what the server holds.
    public var isWrite: Bool { self != .get }
  }

  public var method: Method
  /// The path, percent-encoded where needed: `/api/v1/namespaces/default/pods`.
  public var path: String
  /// Query items in order, not yet percent-encoded.
  public var query: [(name: String, value: String)]
  /// Further header fields, in order, such as `Impersonate-User`; the transport adds its own and the credential's.
  public var headers: [(name: String, value: String)]
  /// The media type of `body`: `application/json`, or one of the patch types.
  public var contentType: String?
  public var body: Data?
  /// How long the whole exchange may take; nil for a stream without end (a watch, a followed log).
  public var timeout: Duration?

  public init(
    _ method: Method, _ path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], contentType: String? = nil, body: Data? = nil,
    timeout: Duration? = .seconds(30)
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.contentType = contentType
    self.body = body
    self.timeout = timeout
  }
}

/// A whole answer.
public struct APIResponse: Sendable {
  public var status: Int
  /// The value of the `Retry-After` header, in seconds.
  public var retryAfter: Double?
  public var body: Data

  public init(status: Int, retryAfter: Double? = nil, body: Data = Data()) {
    self.status = status
    self.retryAfter = retryAfter
    self.body = body
  }
}

/// An answer whose body arrives in pieces. Ending the iteration or cancelling its task ends the exchange.
public struct APIStream: Sendable {
  public var status: Int
  public var retryAfter: Double?
  /// Pieces of the body as they arrive, cut anywhere.
  public var body: AsyncThrowingStream<Data, any Error>

  public init(status: Int, retryAfter: Double? = nil, body: AsyncThrowingStream<Data, any Error>) {
    self.status = status
    self.retryAfter = retryAfter
    self.body = body
  }
}

/// How requests reach an API server: over the network (libcurl) or inside the process (the embedded API).
///
/// An answer of any HTTP status is a value; only an exchange that did not come about throws, as ``APITransportError``.
public protocol APITransport: Sendable {
  func send(_ request: APIRequest) async throws(APITransportError) -> APIResponse
  /// Opens a stream: returns when the status line and headers are here.
  func stream(_ request: APIRequest) async throws(APITransportError) -> APIStream
}

/// Why an exchange with the server did not come about.
public enum APITransportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The server cannot be reached, or the connection broke; the text never holds a credential.
  case unreachable(String)
  case timedOut(String)
  /// The server's certificate is not trusted, or ours is not accepted.
  case tls(String)
  /// Credentials could not be obtained (an exec plugin failed, a token file is missing).
  case credentials(String)
  case cancelled
  /// A write that was not sent, because whoever asked for it leads no more; to try again is no use.
  case fenced

  public var description: String {
    switch self {
    case .unreachable(let why): "the API server cannot be reached: \(why)"
    case .timedOut(let why): "the API server did not answer in time: \(why)"
    case .tls(let why): "no trusted connection to the API server: \(why)"
    case .credentials(let why): "no credentials for the API server: \(why)"
    case .cancelled: "the request was cancelled"
    case .fenced: "not written: the leadership it was asked for under is over"
    }
  }
}
