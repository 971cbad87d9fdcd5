import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How to reach one cluster, and as whom.
public struct ClusterConfiguration: Sendable {
  public var identity: ServerIdentity
  public var credentials: any CredentialSource
  /// The namespace of requests that name none.
  public var namespace: String

  public init(identity: ServerIdentity, credentials: any CredentialSource, namespace: String = "default") {
    self.identity = identity
    self.credentials = credentials
    self.namespace = namespace
  }

  /// Finds the configuration as kubectl and in-cluster programs do: an explicit file, the files of `KUBECONFIG`, the
  /// pod's service account, `~/.kube/config`.
  /// - Parameters:
  ///   - kubeconfig: a file to use before all else.
  ///   - context: a context to use instead of the current one.
  public static func load(
    kubeconfig: String? = nil, context: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ConfigurationError) -> ClusterConfiguration {
    if let kubeconfig { return try from(files: [kubeconfig], context: context, mustExist: true) }
    if let list = environment["KUBECONFIG"], !list.isEmpty {
      let files = list.split(separator: ":").map(String.init)
      return try from(files: files, context: context, mustExist: files.count == 1)
    }
    if context == nil, environment["KUBERNETES_SERVICE_HOST"] != nil { return try inCluster(environment: environment) }
    let home = environment["HOME"] ?? ""
    let standard = "\(home)/.kube/config"
    guard FileManager.default.fileExists(atPath: standard) else {
      throw ConfigurationError(
        "no Kubernetes cluster is configured: KUBECONFIG is not set, this is no pod (KUBERNETES_SERVICE_HOST is not "
          + "set), and \(standard) does not exist. Give --kubeconfig FILE, or set KUBECONFIG")
    }
    return try from(files: [standard], context: context, mustExist: true)
  }

  // MARK: In a pod

  public static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// The pod's own service account, by the files that the kubelet mounts.
  public static func inCluster(
    environment: [String: String], folder: String = serviceAccountFolder
  ) throws(ConfigurationError) -> ClusterConfiguration {
    guard var host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"] else {
      throw ConfigurationError("this is no pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not both set")
    }
    if host.contains(":") { host = "[\(host)]" }
    guard let authority = try? Data(contentsOf: URL(filePath: "\(folder)/ca.crt")) else {
      throw ConfigurationError(
        "\(folder)/ca.crt cannot be read: is automountServiceAccountToken false for this pod?")
    }
    let namespace = (try? Data(contentsOf: URL(filePath: "\(folder)/namespace")))
      .map { String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace } }
    return ClusterConfiguration(
      identity: ServerIdentity(url: "https://\(host):\(port)", certificateAuthority: authority),
      credentials: TokenFile(path: "\(folder)/token"), namespace: namespace ?? "default")
  }

  // MARK: Kubeconfig

  private static func from(
    files: [String], context: String?, mustExist: Bool
  ) throws(ConfigurationError) -> ClusterConfiguration {
    var merged = Kubeconfig()
    var read: [String] = []
    for file in files {
      if !mustExist, !FileManager.default.fileExists(atPath: file) { continue }
      merged.merge(try Kubeconfig.read(path: file))
      read.append(file)
    }
    guard !read.isEmpty else {
      throw ConfigurationError("none of KUBECONFIG's files exists: \(files.joined(separator: ", "))")
    }
    return try merged.configuration(context: context, files: read)
  }
}

extension Kubeconfig {
  /// What a context, the current one where none is named, amounts to.
  func configuration(context name: String?, files: [String]) throws(ConfigurationError) -> ClusterConfiguration {
    let source = files.joined(separator: ", ")
    guard let wanted = name ?? currentContext, !wanted.isEmpty else {
      throw ConfigurationError(
        "\(source) has no current-context: name one with --context, or kubectl config use-context")
    }
    guard let context = contexts.first(where: { $0.name == wanted })?.value else {
      let known = contexts.map(\.name).sorted().joined(separator: ", ")
      throw ConfigurationError("\(source) has no context \"\(wanted)\"; it has: \(known.isEmpty ? "none" : known)")
    }
    guard let cluster = clusters.first(where: { $0.name == context.cluster }) else {
      throw ConfigurationError(
        "context \"\(wanted)\" names cluster \"\(context.cluster ?? "")\", which \(source) does not have")
    }
    guard let server = cluster.value.server, server.hasPrefix("http") else {
      throw ConfigurationError("cluster \"\(cluster.name)\" of \(source) has no server URL")
    }
    let user = users.first { $0.name == context.user }
    if let wantedUser = context.user, !wantedUser.isEmpty, user == nil {
      throw ConfigurationError("context \"\(wanted)\" names user \"\(wantedUser)\", which \(source) does not have")
    }
    let (identity, credentials): (ServerIdentity, any CredentialSource)
    do {
      (identity, credentials) = try Self.connection(to: cluster, at: server, as: user)
    } catch { throw ConfigurationError("\(source): \(error)") }
    return ClusterConfiguration(
      identity: identity, credentials: credentials,
      namespace: context.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default")
  }

  private static func connection(
    to cluster: Named<Cluster>, at server: String, as user: Named<User>?
  ) throws(ConfigurationError) -> (ServerIdentity, any CredentialSource) {
    var identity = ServerIdentity(
      url: server,
      certificateAuthority: try bytes(
        inline: cluster.value.certificateAuthorityData, file: cluster.value.certificateAuthority,
        folder: cluster.folder, "certificate-authority of cluster \"\(cluster.name)\""),
      tlsServerName: cluster.value.tlsServerName,
      insecureSkipTLSVerify: cluster.value.insecureSkipTLSVerify ?? false, proxyURL: cluster.value.proxyURL)
    let credentials = try credentials(of: user, for: &identity)
    return (identity, credentials)
  }

  private static func credentials(
    of user: Named<User>?, for identity: inout ServerIdentity
  ) throws(ConfigurationError) -> any CredentialSource {
    guard let user else { return NoCredentials() }
    let value = user.value
    if let impersonated = value.impersonate, !impersonated.isEmpty {
      throw ConfigurationError(
        "user \"\(user.name)\" acts as \"\(impersonated)\" (as:), which this client cannot do; "
          + "name a context whose user needs no impersonation")
    }
    identity.clientCertificate = try bytes(
      inline: value.clientCertificateData, file: value.clientCertificate, folder: user.folder,
      "client-certificate of user \"\(user.name)\"")
    identity.clientKey = try bytes(
      inline: value.clientKeyData, file: value.clientKey, folder: user.folder, "client-key of user \"\(user.name)\"")
    // kubectl's order: a token file before a token, either before exec, which stands before nothing.
    if let file = value.tokenFile, !file.isEmpty { return TokenFile(path: resolve(file, user.folder)) }
    // A line break that YAML kept would end the header that the token goes into.
    if let token = value.token?.filter({ !$0.isWhitespace }), !token.isEmpty { return FixedCredentials.bearer(token) }
    if let name = value.username, let password = value.password {
      return FixedCredentials.basic(user: name, password: password)
    }
    if let exec = value.exec { return ExecPlugin(exec, folder: user.folder, server: identity.url) }
    if let provider = value.authProvider {
      throw ConfigurationError(
        "user \"\(user.name)\" uses auth-provider \"\(provider.name ?? "")\", which Kubernetes removed in 1.26; "
          + "use an exec plugin instead")
    }
    return NoCredentials()
  }

  static func resolve(_ path: String, _ folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }

  private static func bytes(
    inline: String?, file: String?, folder: String, _ what: String
  ) throws(ConfigurationError) -> Data? {
    if let inline, !inline.isEmpty {
      guard let data = Base64.decode(inline) else {
        throw ConfigurationError("\(what): its data is no base64; it has to be a PEM file encoded with base64")
      }
      return try pem(data, what, "its data")
    }
    guard let file, !file.isEmpty else { return nil }
    let path = resolve(file, folder)
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw ConfigurationError("\(what): \(path) cannot be read; mend the path, or the file's permissions")
    }
    return try pem(data, what, path)
  }

  /// libcurl's own word for a file of another format names neither the file nor the format.
  private static func pem(_ data: Data, _ what: String, _ place: String) throws(ConfigurationError) -> Data {
    guard String(decoding: data, as: UTF8.self).contains("-----BEGIN ") else {
      throw ConfigurationError("\(what): \(place) is no PEM (it has no line that starts with -----BEGIN)")
    }
    return data
  }
}

extension KubeClient {
  /// A client of the configured cluster, over the network.
  /// - Throws: ``ConfigurationError``, or ``APITransportError`` where libcurl cannot be started.
  public static func connect(
    kubeconfig: String? = nil, context: String? = nil, userAgent: String = "kubeclient-swift"
  ) throws -> KubeClient {
    try connect(ClusterConfiguration.load(kubeconfig: kubeconfig, context: context), userAgent: userAgent)
  }

  /// A client of a cluster, over the network, that counts its requests.
  public static func connect(_ configuration: ClusterConfiguration, userAgent: String) throws -> KubeClient {
    var identity = configuration.identity
    identity.userAgent = userAgent
    let transport = try CurlTransport(identity, credentials: configuration.credentials)
    return KubeClient(
      transport: MeteredTransport(transport), defaultNamespace: configuration.namespace)
  }
}
