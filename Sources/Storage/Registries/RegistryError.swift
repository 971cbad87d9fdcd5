/// Why the registry could not do what it was asked.
///
/// Three views of one value: the case (for code), ``reason`` (a stable CamelCase word) and ``message`` (for people).
package enum RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A name that cannot be kept. `field` says what it names: `model name`, `run`.
  case invalidName(field: String, value: String)
  /// There is no such thing. `known` lists some of those there are.
  case notFound(kind: String, name: String, known: [String])
  /// The stored bytes are not those that were written.
  case damaged(what: String, detail: String)
  /// The file system refused. `retryable` is decided from errno.
  case io(operation: String, path: String, detail: String, retryable: Bool)
  /// The location names a back end that this version does not have.
  case unsupportedLocation(location: String)
  /// The location cannot be used as it is written. `detail` has no secret of it.
  case invalidLocation(detail: String)
  /// What was to be kept cannot be, such as a directory without files.
  case invalidContents(detail: String)
  /// The server cannot be reached, or does not do its work just now. `detail` says what to check.
  case unavailable(detail: String)
  /// The server is there and will not have us: a wrong password, a certificate that does not fit, a right that is missing.
  /// An administrator can mend it while we wait, so it may be tried again. `reason`: `RegistryAuthenticationFailed`,
  /// `RegistryTLSFailed` or `RegistryAccessDenied`.
  case denied(reason: String, detail: String)
  /// Written by a version of TensorFleet that is newer than this one.
  case newerSchema(what: String, version: Int, known: Int)
  /// More than the back end can hold in one piece.
  case tooLarge(what: String, detail: String)
  /// Whoever asked has been cancelled; whether a write happened is not known.
  case cancelled

  /// A stable CamelCase word for conditions, events and metrics.
  package var reason: String {
    switch self {
    case .invalidName: "InvalidName"
    case .notFound(let kind, _, _): kind == "data set" ? "DatasetNotFound" : "NotInRegistry"
    case .damaged: "RegistryDataDamaged"
    case .io: "RegistryUnavailable"
    case .unsupportedLocation, .invalidLocation: "UnsupportedRegistry"
    case .invalidContents: "InvalidContents"
    case .unavailable: "RegistryUnavailable"
    case .denied(let reason, _): reason
    case .newerSchema: "RegistrySchemaNewer"
    case .tooLarge: "TooLargeForRegistry"
    case .cancelled: "Cancelled"
    }
  }

  /// Whether the same call may succeed later, unchanged.
  package var retryable: Bool {
    switch self {
    case .io(_, _, _, let retryable): retryable
    case .unavailable, .denied: true
    // A worker of that newer version may take the task next.
    case .newerSchema: true
    case .invalidName, .notFound, .damaged, .unsupportedLocation, .invalidLocation, .invalidContents, .tooLarge,
      .cancelled:
      false
    }
  }

  /// What people read: the field, the value, and what would be right.
  package var message: String {
    switch self {
    case .invalidName(let field, let value):
      "\(field) \"\(value)\" cannot be used: \(RegistryName.rule)"
    case .notFound(let kind, let name, let known):
      "the registry has no \(kind) \"\(name)\""
        + (known.isEmpty ? "" : "; it has \(known.prefix(20).joined(separator: ", "))")
    case .damaged(let what, let detail): "\(what) in the registry is damaged: \(detail)"
    case .io(let operation, let path, let detail, _): "the registry could not \(operation) \(path): \(detail)"
    case .unsupportedLocation(let location):
      "registry location \"\(location)\" is not supported: a registry is in a directory, given as a path or as file:///path, "
        + "or in MongoDB, given as mongodb://host/database or mongodb+srv://name/database"
    case .invalidLocation(let detail): "the registry location cannot be used: \(detail)"
    case .invalidContents(let detail): detail
    case .unavailable(let detail): "the registry is not available: \(detail)"
    case .denied(_, let detail): "the registry refuses this client: \(detail)"
    case .newerSchema(let what, let version, let known):
      "\(what) in the registry has schema version \(version), and this version of TensorFleet knows \(known) and older: "
        + "use a newer TensorFleet"
    case .tooLarge(let what, let detail): "\(what) is too large for the registry: \(detail)"
    case .cancelled: "cancelled"
    }
  }

  package var description: String { message }
}
