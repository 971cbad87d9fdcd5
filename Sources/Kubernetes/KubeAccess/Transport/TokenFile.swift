import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A bearer token in a file that somebody else keeps fresh: the kubelet does for service accounts (KEP-1205), whose
/// tokens live for an hour. Read again each minute and after a 401.
public actor TokenFile: CredentialSource {
  private static let rereadAfter = Duration.seconds(60)
  private let path: String
  private var token: String?
  private var readAt: ContinuousClock.Instant?

  public init(path: String) { self.path = path }

  public func authorization() async throws(APITransportError) -> String? {
    if let token, let readAt, ContinuousClock.now - readAt < Self.rereadAfter { return "Bearer \(token)" }
    if let fresh = read() {
      token = fresh
      readAt = .now
    }
    // A file that cannot be read for a moment does not make the token we have a bad one.
    guard let token else { throw .credentials("the token file \(path) cannot be read, or is empty") }
    return "Bearer \(token)"
  }

  public func renew(refused: String?) async -> Bool {
    // Of many requests that were refused with one old token, the first reads the new one and all try again with it.
    if let token, "Bearer \(token)" != refused { return true }
    guard let fresh = read(), fresh != token else { return false }
    token = fresh
    readAt = .now
    return true
  }

  private func read() -> String? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    let trimmed = text.drop { $0.isWhitespace }
    let token = String(trimmed.prefix { !$0.isWhitespace })
    return token.isEmpty ? nil : token
  }
}

/// Base64 of text and data, as kubeconfigs hold it.
enum Base64 {
  static func encode(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
  /// Reads base64 that may be folded into lines; nil for anything else.
  static func decode(_ text: String) -> Data? { Data(base64Encoded: text.filter { !$0.isWhitespace }) }
}
