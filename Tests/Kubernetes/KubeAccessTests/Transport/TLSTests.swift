import Basics
import Foundation
import Glibc
import KubeTypes
import Testing

@testable import KubeAccess

@Suite struct `Connections over TLS` {
  @Test func `trust the configured authority alone`() async throws {
    guard let server = try await TLSServer.start() else { return }
    defer { server.stop() }
    let url = "https://127.0.0.1:\(server.port)"
    let trusting = try CurlTransport(
      ServerIdentity(url: url, certificateAuthority: server.authority, tlsServerName: "api.test", proxyURL: ""))
    let answer = try await trusting.send(APIRequest(.get, "/", timeout: .seconds(10)))
    #expect(answer.status == 200)
    #expect(String(decoding: answer.body, as: UTF8.self).contains("s_server"))

    // The certificate is for api.test, not for the address.
    let nameless = try CurlTransport(ServerIdentity(url: url, certificateAuthority: server.authority, proxyURL: ""))
    let wrongName = await failure { try await nameless.send(APIRequest(.get, "/", timeout: .seconds(10))) }
    guard case .tls? = wrongName as? APITransportError else {
      Issue.record("\(String(describing: wrongName))")
      return
    }

    let system = try CurlTransport(ServerIdentity(url: url, tlsServerName: "api.test", proxyURL: ""))
    let unknown = await failure { try await system.send(APIRequest(.get, "/", timeout: .seconds(10))) }
    guard case .tls(let text)? = unknown as? APITransportError else {
      Issue.record("\(String(describing: unknown))")
      return
    }
    #expect(text.contains("certificate"))

    let careless = try CurlTransport(ServerIdentity(url: url, insecureSkipTLSVerify: true, proxyURL: ""))
    #expect(try await careless.send(APIRequest(.get, "/", timeout: .seconds(10))).status == 200)
  }

  @Test func `show the client certificate where the server asks`() async throws {
    guard let server = try await TLSServer.start(arguments: ["-Verify", "1", "-verify_return_error"]) else { return }
    defer { server.stop() }
    let url = "https://127.0.0.1:\(server.port)"
    let known = try CurlTransport(
      ServerIdentity(
        url: url, certificateAuthority: server.authority, clientCertificate: server.clientCertificate,
        clientKey: server.clientKey, tlsServerName: "api.test", proxyURL: ""))
    let answer = try await known.send(APIRequest(.get, "/", timeout: .seconds(10)))
    #expect(String(decoding: answer.body, as: UTF8.self).contains("Client certificate"))
    let stranger = try CurlTransport(
      ServerIdentity(url: url, certificateAuthority: server.authority, tlsServerName: "api.test", proxyURL: ""))
    #expect(
      await failure { try await stranger.send(APIRequest(.get, "/", timeout: .seconds(10))) } is APITransportError)
  }
}

/// `openssl s_server` with a certificate of an authority of its own.
struct TLSServer {
  let port: Int
  let authority: Data
  let clientCertificate: Data
  let clientKey: Data
  private let process: Process
  private let folder: TemporaryFolder

  /// - Returns: nil where there is no openssl on this machine.
  static func start(arguments: [String] = []) async throws -> TLSServer? {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") else { return nil }
    let folder = try TemporaryFolder()
    try folder.write("server.ext", "subjectAltName=DNS:api.test\n")
    try folder.write("client.ext", "extendedKeyUsage=clientAuth\n")
    func openssl(_ line: String) throws {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/openssl")
      process.arguments = line.split(separator: " ").map(String.init)
      process.currentDirectoryURL = URL(filePath: folder.path)
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "openssl \(line)")
    }
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    try openssl("req -x509 \(key) -keyout ca.key -out ca.crt -subj /CN=authority -days 2")
    for name in ["server", "client"] {
      try openssl("req \(key) -keyout \(name).key -out \(name).csr -subj /CN=\(name)")
      try openssl(
        "x509 -req -in \(name).csr -CA ca.crt -CAkey ca.key -set_serial 7 -days 2 -extfile \(name).ext -out \(name).crt"
      )
    }
    let port = try LoopbackServer.unusedPort()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments =
      ["s_server", "-www", "-accept", "127.0.0.1:\(port)", "-cert", "server.crt", "-key", "server.key"]
      + ["-CAfile", "ca.crt"] + arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    func file(_ name: String) throws -> Data { Data(try #require(folder.read(name)).utf8) }
    let server = TLSServer(
      port: port, authority: try file("ca.crt"), clientCertificate: try file("client.crt"),
      clientKey: try file("client.key"), process: process, folder: folder)
    let probe = try CurlTransport(
      ServerIdentity(
        url: "https://127.0.0.1:\(port)", clientCertificate: server.clientCertificate, clientKey: server.clientKey,
        insecureSkipTLSVerify: true, proxyURL: ""))
    for _ in 0..<200 {
      if await failure({ try await probe.send(APIRequest(.get, "/", timeout: .seconds(2))) }) == nil { return server }
      try await Task.sleep(for: .milliseconds(25))
    }
    server.stop()
    Issue.record("openssl s_server did not start")
    return nil
  }

  func stop() {
    // Not SIGTERM: children of a Dispatch thread inherit its mask, which blocks that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
