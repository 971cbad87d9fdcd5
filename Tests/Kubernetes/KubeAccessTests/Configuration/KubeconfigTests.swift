import Basics
import Foundation
import KubeTypes
import Testing

@testable import KubeAccess

private let certificate = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"

/// A kubeconfig of one context, cluster and user of the same name.
private func config(
  _ name: String = "dev", server: String = "https://10.0.0.1:6443", cluster: String = "", user: String = "",
  namespace: String? = nil
) -> String {
  """
  apiVersion: v1
  kind: Config
  current-context: \(name)
  clusters:
  - name: \(name)
    cluster:
      server: \(server)
      \(cluster.replacing("\n", with: "\n    "))
  users:
  - name: \(name)
    user: {\(user)}
  contexts:
  - name: \(name)
    context:
      cluster: \(name)
      user: \(name)
      \(namespace.map { "namespace: \($0)" } ?? "")
  """
}

@Suite struct `A kubeconfig` {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ text: String, context: String? = nil) throws -> ClusterConfiguration {
    try ClusterConfiguration.load(
      kubeconfig: folder.write("config", text), context: context, environment: ["PATH": "/usr/bin:/bin"])
  }

  private func message(_ text: String, context: String? = nil) throws -> String {
    let error = #expect(throws: ConfigurationError.self) { try load(text, context: context) }
    return try #require(error).description
  }

  @Test func `gives server, namespace and nothing that it does not say`() async throws {
    let found = try load(config(server: "https://10.0.0.1:6443/"))
    #expect(found.identity.url == "https://10.0.0.1:6443")
    #expect(found.namespace == "default")
    #expect(found.identity.certificateAuthority == nil)
    #expect(!found.identity.insecureSkipTLSVerify)
    #expect(try await found.credentials.authorization() == nil)
    #expect(try load(config(namespace: "ml")).namespace == "ml")
  }

  @Test func `gives the connection's options`() throws {
    let found = try load(
      config(
        cluster: """
          insecure-skip-tls-verify: true
          tls-server-name: api.test
          proxy-url: http://proxy:3128
          """))
    #expect(found.identity.insecureSkipTLSVerify)
    #expect(found.identity.tlsServerName == "api.test")
    #expect(found.identity.proxyURL == "http://proxy:3128")
  }

  @Test(arguments: [
    ("token: abc", "Bearer abc"), ("token: \"abc\\n\"", "Bearer abc"), ("token: 12345", "Bearer 12345"),
    ("username: u, password: p", "Basic dTpw"), ("token: abc, username: u, password: p", "Bearer abc"),
  ])
  func `gives a user's credentials`(user: String, expected: String) async throws {
    let credentials = try load(config(user: user)).credentials
    #expect(try await credentials.authorization() == expected)
    #expect(await !credentials.renew(refused: expected))
  }

  @Test func `reads certificates inline and from files, relative to its own folder`() throws {
    let inline = Data(certificate.utf8).base64EncodedString()
    #expect(
      try load(config(cluster: "certificate-authority-data: \(inline)")).identity.certificateAuthority
        == Data(certificate.utf8))
    try folder.write("pki/ca.crt", certificate)
    let absolute = try folder.write("with space %41/client.crt", certificate)
    try folder.write("client.key", certificate)
    let found = try load(
      config(
        cluster: "certificate-authority: pki/ca.crt",
        user: "client-certificate: '\(absolute)', client-key: client.key"))
    #expect(found.identity.certificateAuthority == Data(certificate.utf8))
    #expect(found.identity.clientCertificate == Data(certificate.utf8))
    #expect(found.identity.clientKey == Data(certificate.utf8))
    // What stands inline goes before a file.
    #expect(
      try load(config(cluster: "certificate-authority: none\ncertificate-authority-data: \(inline)"))
        .identity.certificateAuthority == Data(certificate.utf8))
  }

  @Test func `reads a token file, relative to its own folder, before a token`() async throws {
    try folder.write("secrets/token", "from-file\n")
    let credentials = try load(config(user: "tokenFile: secrets/token, token: inline")).credentials
    #expect(try await credentials.authorization() == "Bearer from-file")
  }

  @Test func `chooses a context by name`() throws {
    let text =
      config() + """

        - name: other
          context: {cluster: dev, namespace: second}
        """
    #expect(try load(text).namespace == "default")
    #expect(try load(text, context: "other").namespace == "second")
  }

  @Test func `may be JSON`() throws {
    let text = """
      {"current-context":"a","clusters":[{"name":"a","cluster":{"server":"https://h"}}],"users":null,
       "contexts":[{"name":"a","context":{"cluster":"a"}}]}
      """
    #expect(try load(text).identity.url == "https://h")
  }

  @Test(arguments: [
    (config("") + "\n", ["no current-context", "--context"]),
    (config(server: "10.0.0.1"), ["cluster \"dev\"", "no server URL"]),
    (config().replacing("    cluster: dev", with: "    cluster: lost"), ["cluster \"lost\"", "does not have"]),
    (config().replacing("    user: dev", with: "    user: lost"), ["user \"lost\"", "does not have"]),
    (config(cluster: "certificate-authority: none.crt"), ["certificate-authority", "none.crt", "cannot be read"]),
    (config(cluster: "certificate-authority-data: '&!'"), ["certificate-authority", "base64"]),
    (config(cluster: "certificate-authority-data: c2VjcmV0"), ["certificate-authority", "PEM"]),
    (
      config(user: "auth-provider: {name: gcp, config: {access-token: s3cret}}"),
      ["auth-provider \"gcp\"", "exec plugin"]
    ),
    (config(user: "token: s3cret, as: admin"), ["admin", "impersonation"]),
    ("a: [", ["no YAML"]), ("- s3cret", ["is no valid kubeconfig"]), ("clusters: s3cret", ["clusters"]),
    ("clusters: [{cluster: {server: s3cret}}]", ["clusters"]),
    ("users: [{name: a, user: {token: [s3cret]}}]", ["users", "token"]),
    ("current-context: \"s3cret\u{1}\"", ["no valid kubeconfig"]),
  ])
  func `says what is wrong, and holds no secret`(text: String, words: [String]) throws {
    let message = try message(text)
    for word in words { #expect(message.contains(word), "\(message)") }
    #expect(message.contains("config"))
    #expect(!message.contains("s3cret"))
  }

  @Test func `names the contexts that there are`() throws {
    #expect(try message(config(), context: "prod").contains("no context \"prod\"; it has: dev"))
  }
}

@Suite struct `The search for a configuration` {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `merges a list of files, and the first to name a thing wins`() async throws {
    let first = try folder.write("a/one", config("one", server: "https://first", user: "tokenFile: token"))
    let second = try folder.write(
      "b/two",
      config("two", server: "https://second", user: "tokenFile: token")
        .replacing("clusters:\n", with: "clusters:\n- {name: one, cluster: {server: 'https://hidden'}}\n"))
    try folder.write("a/token", "token-a")
    try folder.write("b/token", "token-b")
    let environment = ["KUBECONFIG": "\(folder.path)/none:\(first)::\(second)"]
    let current = try ClusterConfiguration.load(environment: environment)
    #expect(current.identity.url == "https://first")
    #expect(try await current.credentials.authorization() == "Bearer token-a")
    let other = try ClusterConfiguration.load(context: "two", environment: environment)
    #expect(other.identity.url == "https://second")
    // Relative to the file that it stands in, not to the first.
    #expect(try await other.credentials.authorization() == "Bearer token-b")
    let reversed = try ClusterConfiguration.load(
      context: "one", environment: ["KUBECONFIG": "\(second):\(first)"])
    #expect(reversed.identity.url == "https://hidden")
  }

  @Test func `takes an empty file of a list for one that says nothing`() throws {
    let empty = try folder.write("empty", "")
    let comment = try folder.write("comment", "# nothing yet\n")
    let full = try folder.write("full", config(server: "https://full"))
    let found = try ClusterConfiguration.load(environment: ["KUBECONFIG": "\(empty):\(comment):\(full)"])
    #expect(found.identity.url == "https://full")
  }

  @Test func `goes from the option over KUBECONFIG and the pod to the home folder`() throws {
    let home = try folder.write("home/.kube/config", config(server: "https://home"))
    let listed = try folder.write("listed", config(server: "https://listed"))
    let given = try folder.write("given", config(server: "https://given"))
    #expect(home.hasSuffix("/.kube/config"))
    var environment = [
      "HOME": "\(folder.path)/home", "KUBECONFIG": listed, "KUBERNETES_SERVICE_HOST": "10.96.0.1",
      "KUBERNETES_SERVICE_PORT": "443",
    ]
    #expect(try ClusterConfiguration.load(kubeconfig: given, environment: environment).identity.url == "https://given")
    #expect(try ClusterConfiguration.load(environment: environment).identity.url == "https://listed")
    environment["KUBECONFIG"] = nil
    // The pod comes next: this machine has no service account mounted, and says so.
    let error = #expect(throws: ConfigurationError.self) { try ClusterConfiguration.load(environment: environment) }
    #expect(error?.description.contains("automountServiceAccountToken") == true)
    environment["KUBERNETES_SERVICE_HOST"] = nil
    #expect(try ClusterConfiguration.load(environment: environment).identity.url == "https://home")
  }

  @Test(arguments: [
    (["HOME": "/nowhere"], ["KUBECONFIG", "--kubeconfig", "/nowhere/.kube/config"]),
    (["KUBECONFIG": "/nowhere/a:/nowhere/b"], ["/nowhere/a, /nowhere/b"]),
    (["KUBECONFIG": "/nowhere/a"], ["/nowhere/a cannot be read"]),
  ])
  func `says where it looked`(environment: [String: String], words: [String]) {
    let error = #expect(throws: ConfigurationError.self) { try ClusterConfiguration.load(environment: environment) }
    for word in words { #expect(error?.description.contains(word) == true, "\(String(describing: error))") }
  }
}

@Suite struct `A pod's own configuration` {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func load(host: String = "10.96.0.1") throws -> ClusterConfiguration {
    try ClusterConfiguration.inCluster(
      environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"], folder: folder.path)
  }

  @Test func `comes from the service account's files`() async throws {
    try folder.write("ca.crt", certificate)
    try folder.write("namespace", "ml\n")
    try folder.write("token", "first\n")
    let found = try load()
    #expect(found.identity.url == "https://10.96.0.1:443")
    #expect(found.identity.certificateAuthority == Data(certificate.utf8))
    #expect(found.namespace == "ml")
    #expect(try await found.credentials.authorization() == "Bearer first")
    #expect(try load(host: "fd00::1").identity.url == "https://[fd00::1]:443")
  }

  @Test func `falls back to the default namespace, and not without the authority`() throws {
    let error = #expect(throws: ConfigurationError.self) { try load() }
    #expect(error?.description.contains("ca.crt") == true)
    try folder.write("ca.crt", certificate)
    #expect(try load().namespace == "default")
    #expect(throws: ConfigurationError.self) {
      try ClusterConfiguration.inCluster(environment: ["KUBERNETES_SERVICE_HOST": "h"], folder: folder.path)
    }
  }
}

@Suite struct `A token file` {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func `is read again after a 401, once for all who were refused`() async throws {
    let path = try folder.write("token", "first\n")
    let file = TokenFile(path: path)
    #expect(try await file.authorization() == "Bearer first")
    try folder.write("token", "second\n")
    // Within the minute the token that is known is good.
    #expect(try await file.authorization() == "Bearer first")
    #expect(await file.renew(refused: "Bearer first"))
    #expect(try await file.authorization() == "Bearer second")
    // Another request that went out with the first token: there is a newer one by now.
    #expect(await file.renew(refused: "Bearer first"))
    #expect(await !file.renew(refused: "Bearer second"))
  }

  @Test func `keeps the token it has while the file is away`() async throws {
    let path = try folder.write("token", "first")
    let file = TokenFile(path: path)
    #expect(try await file.authorization() == "Bearer first")
    try FileManager.default.removeItem(atPath: path)
    #expect(await !file.renew(refused: "Bearer first"))
    #expect(try await file.authorization() == "Bearer first")
  }

  @Test(arguments: [nil, "", " \n"]) func `that gives none is an error`(content: String?) async throws {
    if let content { try folder.write("token", content) }
    let file = TokenFile(path: "\(folder.path)/token")
    let error = await failure { try await file.authorization() }
    guard case .credentials(let text)? = error as? APITransportError else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("\(folder.path)/token"))
  }

  @Test func `rotated under a running client is taken up by its requests`() async throws {
    let path = try folder.write("token", "first")
    let server = try LoopbackServer { request, connection in
      connection.answer(request.headers["authorization"] == "Bearer second" ? 200 : 401)
    }
    let transport = try CurlTransport.loopback(server.url, credentials: TokenFile(path: path))
    #expect(try await transport.send(APIRequest(.get, "/")).status == 401)
    try folder.write("token", "second")
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await transport.send(APIRequest(.get, "/")).status } }
      for try await status in group { #expect(status == 200) }
    }
  }
}
