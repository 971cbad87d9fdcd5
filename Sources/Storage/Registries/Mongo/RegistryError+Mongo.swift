import Mongo

extension RegistryError {
  /// What an error of MongoDB's means to whoever uses the registry.
  /// - Parameter what: what was read or written: `model digits v1`.
  init(_ error: MongoError, _ what: String) {
    switch error.kind {
    case .serverSelection, .network, .timeout, .transient: self = .unavailable(detail: error.message)
    case .tls: self = .denied(reason: "RegistryTLSFailed", detail: error.message)
    case .authentication: self = .denied(reason: "RegistryAuthenticationFailed", detail: error.message)
    case .unauthorized: self = .denied(reason: "RegistryAccessDenied", detail: error.message)
    case .tooLarge: self = .tooLarge(what: what, detail: error.message)
    case .damagedFile, .decoding: self = .damaged(what: what, detail: error.message)
    case .encoding: self = .invalidContents(detail: "\(what) cannot be kept: \(error.message)")
    case .invalidURI: self = .invalidLocation(detail: error.message)
    case .cancelled: self = .cancelled
    case .duplicateKey, .writeRejected, .command:
      self = .io(operation: "read or write", path: what, detail: error.message, retryable: false)
    }
  }

  /// Whether it is not known if the write that ended so has happened: what it refers to must stay.
  var leavesWriteInDoubt: Bool {
    switch self {
    case .unavailable, .cancelled: true
    default: false
    }
  }
}

/// Runs calls of MongoDB's, which may be done twice, and gives their errors as the registry's.
/// - Parameter what: what is read or written, for the error.
@discardableResult
func mapped<T>(
  _ what: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws(MongoError) -> T
) async throws(RegistryError) -> T {
  do throws(MongoError) {
    return try await MongoRetry.run { _ throws(MongoError) in try await body() }
  } catch { throw RegistryError(error, what) }
}
