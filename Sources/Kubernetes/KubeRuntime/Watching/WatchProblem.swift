import KubeAccess
import KubeTypes

/// Why a list or a watch did not go on, in the kinds that a watcher treats differently.
public enum WatchProblem: Sendable, Hashable {
  /// 410: the resource version or page token is too old for the server; only a new list helps.
  case gone
  /// 404 on a collection: the resource is not served (yet), as before its CustomResourceDefinition is there.
  case notServed
  /// 401 or 403: our account may not; somebody may still grant it.
  case denied(String)
  /// 429, or any answer that says when to come back (seconds).
  case throttled(retryAfter: Double)
  /// No word from the server for longer than it may be silent.
  case silent
  /// The server or the network fails, or what came cannot be read.
  case failed(String)

  public init(_ error: any Error) {
    guard let error = error as? KubeError else {
      self = .failed(String(describing: error))
      return
    }
    switch error {
    case .api(let status, let code, let retryAfter):
      self.init(code: code, reason: status.reason, retryAfter: retryAfter, text: error.description)
    case .transport, .decoding: self = .failed(error.description)
    }
  }

  /// The problem that an ERROR event of a watch reports.
  public init(_ status: Status) {
    self.init(
      code: status.code ?? 0, reason: status.reason,
      retryAfter: status.details?.retryAfterSeconds.map(Double.init),
      text: status.message ?? status.reason?.rawValue ?? "an ERROR event without a message")
  }

  private init(code: Int, reason: StatusReason?, retryAfter: Double?, text: String) {
    switch (code, reason) {
    case (410, _), (_, .expired?), (_, .gone?): self = .gone
    case (_, _) where retryAfter != nil: self = .throttled(retryAfter: retryAfter ?? 1)
    case (429, _): self = .throttled(retryAfter: 1)
    case (404, _): self = .notServed
    case (401, _), (403, _): self = .denied(text)
    default: self = .failed(text)
    }
  }

  /// What the log says of it.
  var summary: String {
    switch self {
    case .gone: "the server has forgotten our resource version"
    case .notServed: "the resource is not served (is its CustomResourceDefinition installed?)"
    case .denied(let text): "not allowed: \(text)"
    case .throttled(let seconds): "the server asks to come back in \(seconds) s"
    case .silent: "no word from the server for too long"
    case .failed(let text): text
    }
  }

  /// Problems of one kind are logged once, not at every try.
  var kind: Int {
    switch self {
    case .gone: 0
    case .notServed: 1
    case .denied: 2
    case .throttled: 3
    case .silent: 4
    case .failed: 5
    }
  }
}
