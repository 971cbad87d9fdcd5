import KubeTypes

/// Why a call to the Kubernetes API failed.
public enum KubeError: Error, Sendable, CustomStringConvertible {
  /// The server answered with a failure; `status` is its own word, `retryAfter` what it asked us to wait, in seconds.
  case api(status: Status, httpStatus: Int, retryAfter: Double?)
  /// The exchange did not come about.
  case transport(APITransportError)
  /// The answer was no such object as was asked for.
  case decoding(String)

  /// The HTTP status; nil where there was no answer.
  public var httpStatus: Int? { if case .api(_, let code, _) = self { code } else { nil } }
  public var reason: StatusReason? { if case .api(let status, _, _) = self { status.reason } else { nil } }
  public var details: StatusDetails? { if case .api(let status, _, _) = self { status.details } else { nil } }
  /// Seconds the server asked us to wait before the next try.
  public var retryAfter: Double? { if case .api(_, _, let seconds) = self { seconds } else { nil } }

  public var isNotFound: Bool { httpStatus == 404 }
  public var isAlreadyExists: Bool { httpStatus == 409 && reason == .alreadyExists }
  /// A precondition failed: resourceVersion, UID, or a field owned by somebody else.
  public var isConflict: Bool { httpStatus == 409 && reason != .alreadyExists }
  public var isGone: Bool { httpStatus == 410 }
  public var isInvalid: Bool { httpStatus == 422 }
  public var isForbidden: Bool { httpStatus == 403 }
  public var isCancelled: Bool { if case .transport(.cancelled) = self { true } else { false } }
  /// A write was refused on our side, as we lead no more.
  public var isFenced: Bool { if case .transport(.fenced) = self { true } else { false } }

  /// True where the same call may succeed later without anybody changing it.
  public var isRetryable: Bool {
    switch self {
    case .transport(.cancelled), .transport(.fenced): false
    case .transport: true
    case .decoding: false
    case .api(_, let code, _): code == 409 || code == 429 || code >= 500 || code == 408
    }
  }

  public var description: String {
    switch self {
    case .transport(let error): error.description
    case .decoding(let why): "the API server's answer cannot be read: \(why)"
    case .api(let status, let code, _):
      "\(status.message ?? "the API server refused the request") (\(status.reason?.rawValue ?? "HTTP") \(code))"
    }
  }
}
