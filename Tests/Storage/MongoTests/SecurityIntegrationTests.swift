import Foundation
import Mongo
import Testing

/// A server with TLS, users and SRV names, where there is one.
private enum SecureServer {
  static let environment = ProcessInfo.processInfo.environment
  static let isThere = environment["TENSORFLEET_TEST_MONGODB_CERTIFICATES"] != nil
}

/// TLS, users and SRV names, against the server that `hack/mongo --srv` starts.
@Suite(.enabled(if: SecureServer.isThere)) struct SecurityIntegrationTests {
  private let uri: String
  private let srv: String
  private let certificates: String
  private let password: String
  private let port: String

  init() throws {
    guard SecureServer.isThere else {
      (uri, srv, certificates, password, port) = ("", "", "", "", "")
      return
    }
    uri = try #require(SecureServer.environment["TENSORFLEET_TEST_MONGODB_URI"])
    srv = try #require(SecureServer.environment["TENSORFLEET_TEST_MONGODB_SRV_URI"])
    certificates = try #require(SecureServer.environment["TENSORFLEET_TEST_MONGODB_CERTIFICATES"])
    let parts = try #require(uri.firstMatch(of: /mongodb:\/\/[^:]+:([^@]+)@[^:]+:([0-9]+)/)).output
    password = String(parts.1)
    port = String(parts.2)
  }

  private static let options = MongoOptions(serverSelectionTimeout: .milliseconds(1500))

  /// Writes and reads something, which nobody may who has not given a name.
  private func use(_ uri: String) async throws {
    let client = MongoClient(
      try MongoURI(uri).with(database: "test-\(ObjectID().hex)"),
      options: MongoOptions(serverSelectionTimeout: .seconds(5)))
    try await client.collection("things").insert(["_id": 1])
    #expect(try await client.collection("things").count() == 1)
    try await client.dropDatabase()
  }

  private func failure(_ uri: String) async throws -> MongoError {
    let client = MongoClient(try MongoURI(uri), options: Self.options)
    let begin = ContinuousClock.now
    do {
      _ = try await client.collection("things").count()
      Issue.record("it was let in")
      return .cancelled
    } catch {
      #expect(!error.message.contains(password), "\(error)")
      #expect(ContinuousClock.now - begin < .seconds(8))
      return error
    }
  }

  @Test func aPasswordOverTLSIsTaken() async throws { try await use(uri) }

  @Test func anSRVNameLeadsToItsServers() async throws {
    try await use(srv)
    try await use(srv.replacing("cluster.fleet.test/", with: "plain.fleet.test/"))
  }

  @Test func aClientCertificateIsAUser() async throws {
    try await use(
      "mongodb://db1.fleet.test:\(port)/?tls=true&authMechanism=MONGODB-X509&tlsCAFile=\(certificates)/ca.pem"
        + "&tlsCertificateKeyFile=\(certificates)/client.pem")
  }

  @Test func aWrongPasswordIsToldFromAServerThatIsNotThere() async throws {
    let error = try await failure(uri.replacing(password, with: "hunter2"))
    #expect(error.kind == .authentication, "\(error)")
    #expect(error.message.contains("password"))
    #expect(!error.message.contains("hunter2") && !error.message.contains("access list"))
  }

  @Test func aSignerThatIsNotTrustedIsNamed() async throws {
    for other in [
      uri.replacing("&tlsCAFile=\(certificates)/ca.pem", with: ""), uri.replacing("/ca.pem", with: "/other-ca.pem"),
    ] {
      let error = try await failure(other)
      #expect(error.kind == .tls, "\(error)")
      #expect(error.message.contains("tlsCAFile"), "\(error)")
    }
  }

  @Test func aCertificateForAnotherNameIsRefused() async throws {
    let error = try await failure(uri.replacing("db1.fleet.test:", with: "elsewhere.test:"))
    #expect(error.kind == .tls, "\(error)")
    #expect(error.message.contains("host name"), "\(error)")
  }

  @Test func aStrangersCertificateIsRefused() async throws {
    let error = try await failure(
      "mongodb://db1.fleet.test:\(port)/?tls=true&authMechanism=MONGODB-X509&tlsCAFile=\(certificates)/ca.pem"
        + "&tlsCertificateKeyFile=\(certificates)/stranger.pem")
    #expect([.tls, .authentication, .serverSelection, .network].contains(error.kind), "\(error)")
    #expect(error.message.contains("tlsCertificateKeyFile") || error.kind == .authentication, "\(error)")
  }

  @Test func aServerThatWantsTLSSaysSo() async throws {
    let error = try await failure(uri.replacing("&tls=true", with: "").replacing(/&tlsCAFile=[^&]*/, with: ""))
    #expect(error.kind == .serverSelection, "\(error)")
    #expect(error.message.contains("tls=true"), "\(error)")
  }

  @Test(arguments: ["outside", "greedy", "none"]) func anSRVNameThatMisleadsIsRefused(_ name: String) async throws {
    let error = try await failure(srv.replacing("cluster.fleet.test/", with: "\(name).fleet.test/"))
    #expect(error.kind == .serverSelection || error.kind == .invalidURI, "\(error)")
    #expect(error.message.contains("\(name).fleet.test") || error.message.contains("elsewhere.test"), "\(error)")
  }
}
