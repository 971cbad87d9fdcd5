/// Why MongoDB, or the way to it, did not do what it was asked. No message has a secret of the URI in it.
package struct MongoError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: Sendable, Hashable {
    /// No server could be reached in time; the message says what to look at.
    case serverSelection
    /// A server was reached but the two could not agree on TLS: a certificate that does not fit, or none.
    case tls
    /// The credentials were refused.
    case authentication
    /// The credentials are good but have no right to this.
    case unauthorized
    /// The connection broke.
    case network
    /// It took longer than it may.
    case timeout
    /// A unique index has such an entry already; its name, as the server gives it.
    case duplicateKey(index: String)
    /// The server cannot do it just now: an election, a shutdown, a full cache.
    case transient(code: Int)
    /// The document is larger than the server takes.
    case tooLarge
    /// The server refused to write it, for another reason.
    case writeRejected(code: Int)
    /// The server refused the command.
    case command(code: Int, name: String)
    /// The URI cannot be used.
    case invalidURI
    /// A document cannot be written as BSON.
    case encoding
    /// What came is no BSON, or has values of types that are not known here.
    case decoding
    /// A GridFS file is not whole.
    case damagedFile
    /// The Swift task was cancelled.
    case cancelled
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package static let cancelled = MongoError(.cancelled, "the operation was cancelled")

  /// Whether the same call may succeed later, with nobody changing anything but the state of servers and network.
  package var retryable: Bool {
    switch kind {
    case .serverSelection, .network, .timeout, .transient, .cancelled: true
    case .tls, .authentication, .unauthorized, .duplicateKey, .tooLarge, .writeRejected, .command, .invalidURI,
      .encoding, .decoding, .damagedFile:
      false
    }
  }

  package var isDuplicateKey: Bool { if case .duplicateKey = kind { true } else { false } }

  package var description: String { message }
}
