import KubeTypes

/// Where the value of the `Authorization` header comes from.
package protocol CredentialSource: Sendable {
  /// The header's value; nil sends none.
  /// - Throws: ``APITransportError/credentials(_:)``, never with a secret in its text.
  func authorization() async throws(APITransportError) -> String?
  /// Called after a 401: gets new credentials, unless that was done since the refused ones were handed out.
  /// - Parameter refused: the value of the header that the server refused.
  /// - Returns: true where another try makes sense: ``authorization()`` has other credentials to give.
  func renew(refused: String?) async -> Bool
}

/// For servers that know us by our certificate, or not at all.
package struct NoCredentials: CredentialSource {
  package init() {}
  package func authorization() async throws(APITransportError) -> String? { nil }
  package func renew(refused: String?) async -> Bool { false }
}

/// A header that never changes: a token or a password of a kubeconfig.
package struct FixedCredentials: CredentialSource {
  private let value: String

  package static func bearer(_ token: String) -> FixedCredentials { FixedCredentials(value: "Bearer \(token)") }
  package static func basic(user: String, password: String) -> FixedCredentials {
    FixedCredentials(value: "Basic " + Base64.encode("\(user):\(password)"))
  }

  package func authorization() async throws(APITransportError) -> String? { value }
  package func renew(refused: String?) async -> Bool { false }
}
