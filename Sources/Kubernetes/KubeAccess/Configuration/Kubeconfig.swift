import KubeTypes
import Yams

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A kubeconfig file (`clientcmd/api/v1.Config`), as far as it says how to connect.
struct Kubeconfig: Decodable {
  struct Named<Value: Decodable & Sendable>: Decodable {
    var name: String
    var value: Value
    /// The folder of the file it stood in: what its relative paths start from.
    var folder = ""
  }

  struct Cluster: Decodable, Sendable {
    var server: String?
    var certificateAuthority: String?
    var certificateAuthorityData: String?
    var insecureSkipTLSVerify: Bool?
    var tlsServerName: String?
    var proxyURL: String?

    private enum CodingKeys: String, CodingKey {
      case server
      case certificateAuthority = "certificate-authority"
      case certificateAuthorityData = "certificate-authority-data"
      case insecureSkipTLSVerify = "insecure-skip-tls-verify"
      case tlsServerName = "tls-server-name"
      case proxyURL = "proxy-url"
    }
  }

  struct User: Decodable, Sendable {
    struct AuthProvider: Decodable, Sendable { var name: String? }
    var clientCertificate: String?
    var clientCertificateData: String?
    var clientKey: String?
    var clientKeyData: String?
    var token: String?
    var tokenFile: String?
    var username: String?
    var password: String?
    var exec: ExecPlugin.Configuration?
    var authProvider: AuthProvider?
    var impersonate: String?

    private enum CodingKeys: String, CodingKey {
      case token, tokenFile, username, password, exec
      case clientCertificate = "client-certificate"
      case clientCertificateData = "client-certificate-data"
      case clientKey = "client-key"
      case clientKeyData = "client-key-data"
      case authProvider = "auth-provider"
      case impersonate = "as"
    }
  }

  struct Context: Decodable, Sendable {
    var cluster: String?
    var user: String?
    var namespace: String?
  }

  var currentContext: String?
  var clusters: [Named<Cluster>] = []
  var users: [Named<User>] = []
  var contexts: [Named<Context>] = []

  private enum CodingKeys: String, CodingKey {
    case clusters, users, contexts
    case currentContext = "current-context"
  }

  private struct ClusterEntry: Decodable {
    var name: String
    var cluster: Cluster
  }
  private struct UserEntry: Decodable {
    var name: String
    var user: User?
  }
  private struct ContextEntry: Decodable {
    var name: String
    var context: Context
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    currentContext = try container.decodeIfPresent(String.self, forKey: .currentContext)
    clusters = try (container.decodeIfPresent([ClusterEntry].self, forKey: .clusters) ?? [])
      .map { Named(name: $0.name, value: $0.cluster) }
    users = try (container.decodeIfPresent([UserEntry].self, forKey: .users) ?? [])
      .map { Named(name: $0.name, value: $0.user ?? User()) }
    contexts = try (container.decodeIfPresent([ContextEntry].self, forKey: .contexts) ?? [])
      .map { Named(name: $0.name, value: $0.context) }
  }

  /// Reads one file.
  static func read(path: String) throws(ConfigurationError) -> Kubeconfig {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw ConfigurationError("the kubeconfig \(path) cannot be read")
    }
    var config: Kubeconfig
    do {
      // A file without content says nothing, which is no mistake in a list of files.
      guard let root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) else { return Kubeconfig() }
      config = try YAMLDecoder().decode(Kubeconfig.self, from: root)
    } catch {
      // The decoder's own text may quote the file, and with it a token.
      throw ConfigurationError("the kubeconfig \(path) is no valid kubeconfig: \(Self.place(of: error))")
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    for index in config.clusters.indices { config.clusters[index].folder = folder }
    for index in config.users.indices { config.users[index].folder = folder }
    return config
  }

  private static func place(of error: any Error) -> String {
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "its top level is no mapping" : "\(path) is missing or of another type"
    default: return "it is no YAML that can be read"
    }
  }

  /// Joins the files of a `KUBECONFIG` list by kubectl's rule: the first to name a thing wins.
  mutating func merge(_ other: Kubeconfig) {
    if currentContext?.isEmpty ?? true { currentContext = other.currentContext }
    clusters += other.clusters.filter { new in !clusters.contains { $0.name == new.name } }
    users += other.users.filter { new in !users.contains { $0.name == new.name } }
    contexts += other.contexts.filter { new in !contexts.contains { $0.name == new.name } }
  }
}
