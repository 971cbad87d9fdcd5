#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where an API server is, and how its connection is secured: what a transport needs to know, credentials apart.
public struct ServerIdentity: Sendable {
  /// `https://host:port`, with a path where the server is behind a proxy that wants one; no slash at the end.
  public var url: String
  /// PEM certificates of the authorities to trust; nil takes the system's.
  public var certificateAuthority: Data?
  /// PEM certificate chain and key to show to the server.
  public var clientCertificate: Data?
  public var clientKey: Data?
  /// The name the server's certificate has to be for, where that is not the URL's host.
  public var tlsServerName: String?
  public var insecureSkipTLSVerify: Bool
  public var proxyURL: String?
  public var userAgent: String

  public init(
    url: String, certificateAuthority: Data? = nil, clientCertificate: Data? = nil, clientKey: Data? = nil,
    tlsServerName: String? = nil, insecureSkipTLSVerify: Bool = false, proxyURL: String? = nil,
    userAgent: String = "kubeclient-swift"
  ) {
    var url = url
    while url.hasSuffix("/") { url.removeLast() }
    self.url = url
    self.certificateAuthority = certificateAuthority
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
    self.tlsServerName = tlsServerName
    self.insecureSkipTLSVerify = insecureSkipTLSVerify
    self.proxyURL = proxyURL
    self.userAgent = userAgent
  }
}
