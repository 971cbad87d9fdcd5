/// Why a data set could not be brought to this machine.
///
/// Three views of one value: the case (for code), `reason` (a stable CamelCase word for conditions and metrics) and
/// `message` (for people: what it was about, and the cure). URIs appear without user, password, query and fragment, where
/// secrets may be.
package enum SourceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A part of the URI, or a setting, that cannot be used.
  case invalidSource(field: String, value: String, expected: String)
  /// A scheme that is not read.
  case unsupportedScheme(scheme: String, supported: [String])
  /// `http://` to another machine, without leave.
  case plainHTTPRefused(uri: String)
  /// One of the two credentials is set and the other is not.
  case incompleteCredentials(missing: String)
  /// There is nothing at the URI.
  case notFound(uri: String, detail: String)
  /// The server does not let these credentials, or nobody, read it.
  case accessDenied(uri: String, detail: String)
  /// Any other answer that is no success.
  case refused(uri: String, status: Int, detail: String, retryable: Bool)
  /// No connection, or one that broke more often than it may.
  case unreachable(uri: String, detail: String, retryable: Bool)
  /// The bytes are not those that were asked for.
  case checksumMismatch(uri: String, expected: String, found: String)
  /// It is larger than the whole cache may be.
  case tooLarge(uri: String, bytes: Int, limit: Int)
  /// Everything in the cache is in use, and there is no room for this.
  case cacheFull(bytes: Int, limit: Int)
  /// The file system refused.
  case io(operation: String, path: String, detail: String, retryable: Bool)
  case cancelled

  /// A stable CamelCase word. Never changes once released.
  package var reason: String {
    switch self {
    case .invalidSource: "InvalidSource"
    case .unsupportedScheme: "UnsupportedScheme"
    case .plainHTTPRefused: "PlainHTTPRefused"
    case .incompleteCredentials: "IncompleteCredentials"
    case .notFound: "SourceNotFound"
    case .accessDenied: "SourceAccessDenied"
    case .refused: "SourceRefused"
    case .unreachable: "SourceUnreachable"
    case .checksumMismatch: "ChecksumMismatch"
    case .tooLarge: "SourceTooLarge"
    case .cacheFull: "CacheFull"
    case .io: "CacheUnavailable"
    case .cancelled: "Cancelled"
    }
  }

  /// Whether the same call may succeed later, unchanged.
  package var retryable: Bool {
    switch self {
    case .refused(_, _, _, let retryable), .unreachable(_, _, let retryable), .io(_, _, _, let retryable): retryable
    case .cacheFull, .cancelled: true
    default: false
    }
  }

  package var message: String {
    switch self {
    case .invalidSource(let field, let value, let expected): "\(field) is \"\(value)\"; it must be \(expected)"
    case .unsupportedScheme(let scheme, let supported):
      "data set URIs of the scheme \"\(scheme)\" are not read; use \(supported.joined(separator: ", "))"
    case .plainHTTPRefused(let uri):
      "\(uri) is read without encryption, which is allowed only on this machine; use https, or allow plain HTTP"
    case .incompleteCredentials(let missing):
      "\(missing) is not set, but the other half of the credentials is; set both, or neither for public data"
    case .notFound(let uri, let detail): "there is nothing at \(uri) (\(detail)); check the address"
    case .accessDenied(let uri, let detail):
      "\(uri) may not be read (\(detail)); check the credentials and the permissions they have"
    case .refused(let uri, let status, let detail, _):
      "\(uri) answered \(status)\(detail.isEmpty ? "" : " (\(detail))")"
    case .unreachable(let uri, let detail, _): "\(uri) could not be read: \(detail)"
    case .checksumMismatch(let uri, let expected, let found):
      "\(uri) has SHA-256 \(found), not \(expected); correct the checksum, or the file at its source"
    case .tooLarge(let uri, let bytes, let limit):
      "\(uri) has \(bytes) bytes and the cache holds \(limit); make the cache larger"
    case .cacheFull(let bytes, let limit):
      "the cache of \(limit) bytes has no room for \(bytes) more while all its files are in use; make it larger"
    case .io(let operation, let path, let detail, _): "could not \(operation) \(path): \(detail)"
    case .cancelled: "the download was cancelled; what has come is kept"
    }
  }

  package var description: String { "\(reason): \(message)" }
}
