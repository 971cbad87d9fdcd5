import KubeTypes
import Testing

@testable import KubeAccess

@Suite struct `Addresses of requests` {
  @Test(arguments: [
    ("https://10.0.0.1:6443", "10.0.0.1"), ("https://api.example.com", "api.example.com"),
    ("https://api.example.com/k8s/clusters/c-1", "api.example.com"), ("https://[fd00::1]:6443", "[fd00::1]"),
    ("https://[::1]/path", "[::1]"), ("http://localhost:8080", "localhost"),
  ])
  func `the host of a URL`(url: String, host: String) {
    #expect(ConnectionOptions.host(of: url) == host)
  }

  @Test func `no scheme, no host`() { #expect(ConnectionOptions.host(of: "10.0.0.1:6443") == nil) }

  @Test(arguments: [
    ("https://10.0.0.1:6443", "https://api.test:6443/version"),
    ("https://[fd00::1]:6443/proxy", "https://api.test:6443/proxy/version"),
    ("https://api.real/", "https://api.test/version"),
  ])
  func `a TLS server name takes the host's place in the URL`(url: String, expected: String) {
    let options = ConnectionOptions(ServerIdentity(url: url, tlsServerName: "api.test"))
    #expect(options.url(for: APIRequest(.get, "/version")) == expected)
  }

  @Test(arguments: [
    ("abcXYZ-._~019", "abcXYZ-._~019"), ("a b", "a%20b"), ("a=b,c", "a%3Db%2Cc"), ("ü", "%C3%BC"), ("%", "%25"),
    ("\n", "%0A"), ("+", "%2B"), ("", ""),
  ])
  func `query items are percent-encoded`(text: String, expected: String) {
    #expect(ConnectionOptions.encode(text) == expected)
  }

  @Test(arguments: [
    ("web-0", "web-0"), ("system:node:a", "system:node:a"), ("a/b", "a%2Fb"), ("a?b#c", "a%3Fb%23c"),
    ("..", "%2E%2E"), ("a..b", "a..b"), ("a b", "a%20b"), ("%2F", "%252F"), ("x@y", "x@y"),
  ])
  func `a name stays one segment of the path`(name: String, expected: String) async {
    let transport = ScriptedTransport([])
    let client = KubeClient(transport: transport)
    _ = await failure { try await client.resource(Pod.self, namespace: "n").get(name) }
    #expect(transport.requests.map(\.path) == ["/api/v1/namespaces/n/pods/\(expected)"])
  }
}
