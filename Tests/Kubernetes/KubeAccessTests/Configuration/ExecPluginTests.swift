import Basics
import Foundation
import KubeTypes
import Testing

@testable import KubeAccess

@Suite struct `A credential plugin` {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A plugin that counts its runs in a file and prints `body`, in which `$n` is the number of the run.
  private func plugin(
    _ body: String, args: [String]? = nil, env: [ExecPlugin.Configuration.Variable]? = nil, hint: String? = nil,
    interactive: String? = nil, timeout: Duration = .seconds(60)
  ) throws -> ExecPlugin {
    try folder.write(
      "plugin.sh",
      """
      #!/bin/sh
      cd "$(dirname "$0")"
      echo run >> runs
      n=$(wc -l < runs)
      \(body)
      """, executable: true)
    return ExecPlugin(
      ExecPlugin.Configuration(
        apiVersion: "client.authentication.k8s.io/v1", command: "./plugin.sh", args: args, env: env, installHint: hint,
        provideClusterInfo: true, interactiveMode: interactive), folder: folder.path, server: "https://api.test",
      timeout: timeout)
  }

  private var runs: Int { folder.read("runs")?.split(separator: "\n").count ?? 0 }

  private func credential(_ token: String, expires: Timestamp? = nil) -> String {
    let expiry = expires.map { #","expirationTimestamp":"\#($0)""# } ?? ""
    return """
      cat <<EOF
      {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"\(token)"\(expiry)}}
      EOF
      """
  }

  @Test func `is run once while its token is good`() async throws {
    let plugin = try plugin(credential("token-$n", expires: Timestamp.now.adding(seconds: 3600)))
    #expect(try await plugin.authorization() == "Bearer token-1")
    #expect(try await plugin.authorization() == "Bearer token-1")
    #expect(runs == 1)
  }

  @Test func `is run once for all who ask at the same time`() async throws {
    let plugin = try plugin("sleep 0.2\n" + credential("token-$n"))
    try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { try await plugin.authorization() } }
      for try await value in group { #expect(value == "Bearer token-1") }
    }
    #expect(runs == 1)
  }

  @Test func `is run again when its token has expired`() async throws {
    let plugin = try plugin(credential("token-$n", expires: Timestamp.now.adding(seconds: -1)))
    #expect(try await plugin.authorization() == "Bearer token-1")
    #expect(try await plugin.authorization() == "Bearer token-2")
  }

  @Test func `is run again after a 401, once for all who were refused`() async throws {
    let plugin = try plugin(credential("token-$n"))
    let server = try LoopbackServer { request, connection in
      connection.answer(request.headers["authorization"] == "Bearer token-2" ? 200 : 401)
    }
    let transport = try CurlTransport.loopback(server.url, credentials: plugin)
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await transport.send(APIRequest(.get, "/")).status } }
      for try await status in group { #expect(status == 200) }
    }
    #expect(runs == 2)
  }

  @Test func `gets arguments, environment and the cluster`() async throws {
    let plugin = try plugin(
      #"printf '%s|%s|%s' "$1" "$REGION" "$KUBERNETES_EXEC_INFO" > seen"# + "\n" + credential("t"),
      args: ["get token"], env: [.init(name: "REGION", value: "west 1")])
    _ = try await plugin.authorization()
    let seen = try #require(folder.read("seen")).split(separator: "|", maxSplits: 2).map(String.init)
    #expect(seen[..<2] == ["get token", "west 1"])
    let info = try JSON.decode(JSONValue.self, from: Data(seen[2].utf8))
    #expect(info["kind"] == "ExecCredential")
    #expect(info["apiVersion"] == "client.authentication.k8s.io/v1")
    #expect(info[path: ["spec", "cluster", "server"]] == "https://api.test")
    #expect(info[path: ["spec", "interactive"]] == false)
  }

  @Test(arguments: [
    ("echo s3cret; exit 1", ["./plugin.sh", "failed", "Install it with: x"]), ("echo s3cret", ["ExecCredential"]),
    (#"echo '{"kind":"Secret","status":{"token":"s3cret"}}'"#, ["ExecCredential"]),
    (#"echo '{"kind":"ExecCredential","status":{}}'"#, ["no token"]),
    (
      #"echo '{"kind":"ExecCredential","status":{"clientCertificateData":"s3cret","clientKeyData":"s3cret"}}'"#,
      ["client certificate", "a token is needed"]
    ),
  ])
  func `that fails says so, and what to do, without its output`(body: String, words: [String]) async throws {
    let plugin = try plugin(body, hint: "Install it with: x")
    let error = await failure { try await plugin.authorization() }
    guard case .credentials(let text)? = error as? APITransportError else {
      Issue.record("\(String(describing: error))")
      return
    }
    for word in words { #expect(text.contains(word), "\(text)") }
    #expect(!text.contains("s3cret"))
  }

  @Test func `that is missing gives its install hint`() async throws {
    let plugin = ExecPlugin(
      ExecPlugin.Configuration(command: "no-such-plugin-anywhere", installHint: "Install it with: x"), folder: "",
      server: "")
    let error = await failure { try await plugin.authorization() } as? APITransportError
    #expect(error?.description.contains("no-such-plugin-anywhere") == true)
    #expect(error?.description.contains("Install it with: x") == true)
  }

  @Test func `that hangs is killed, and the next request runs it again`() async throws {
    let plugin = try plugin(
      "[ $n -gt 1 ] || exec sleep 30\n" + credential("token-$n"), timeout: .milliseconds(300))
    let start = ContinuousClock.now
    let error = await failure { try await plugin.authorization() } as? APITransportError
    #expect(error?.description.contains("./plugin.sh failed") == true)
    #expect(ContinuousClock.now - start < .seconds(15))
    #expect(try await plugin.authorization() == "Bearer token-2")
  }

  @Test func `that wants a terminal is refused`() async throws {
    let plugin = try plugin(credential("t"), interactive: "Always")
    let error = await failure { try await plugin.authorization() } as? APITransportError
    #expect(error?.description.contains("terminal") == true)
    #expect(runs == 0)
  }

  @Test func `is named in a kubeconfig by a path from there`() async throws {
    _ = try plugin(credential("token-$n"))
    let config = try folder.write(
      "config",
      """
      current-context: a
      clusters: [{name: a, cluster: {server: 'https://h'}}]
      contexts: [{name: a, context: {cluster: a, user: a}}]
      users:
      - name: a
        user:
          exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: null, env: null}
      """)
    let found = try ClusterConfiguration.load(kubeconfig: config, environment: [:])
    #expect(try await found.credentials.authorization() == "Bearer token-1")
  }
}
