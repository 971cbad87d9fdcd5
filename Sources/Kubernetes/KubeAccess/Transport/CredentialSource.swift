import KubeTypes

/// Where the value of the `Authorization` header comes from.
public protocol CredentialSource: Sendable {
  /// The header's value; nil sends none.
  /// - Throws: ``APITransportError/credentials(_:)``, never with a secret in its text.
  func authorization() async throws(APITransportError) -> String?
  /// Called after a 401: gets new credentials, unless that was done since the refused ones were handed out.
  /// - Parameter refused: the value of the header that the server refused.
  /// - Returns: true where another try makes sense: ``authorization()`` has other credentials to give.
  func renew(refused: String?) async -> Bool
}

/// For servers that know us by our certificate, or not at all.
public struct NoCredentials: CredentialSource {
  public init() {}
  public func authorization() async throws(APITransportError) -> String? { nil }
  public func renew(refused: String?) async -> Bool { false }
}

/// A header that never changes: a token or a password of a kubeconfig.
public struct FixedCredentials: CredentialSource {
  private let value: String

  public static func bearer(_ token: String) -> FixedCredentials { FixedCredentials(value: "Bearer \(token)") }
  public static func basic(user: String, password: String) -> FixedCredentials {
    FixedCredentials(value: "Basic " + Base64.encode("\(user):\(password)"))
  }

  public func authorization() async throws(APITransportError) -> String? { value }
  public func renew(refused: String?) async -> Bool { false }
}
