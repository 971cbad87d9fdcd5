import Basics
import Foundation
import Mongo
import Testing

/// A MongoDB for one test: a server of its own (hack/mongo), which it may kill and order to fail, or a database of its own
/// on the deployment that MONGODB_URI names.
actor MongoFixture {
  /// hack/mongo, where it can be used: hack/test says so.
  static let script = ProcessInfo.processInfo.environment["TENSORFLEET_TEST_MONGO"].map { URL(filePath: $0) }
  /// A deployment to use in place of servers of the tests' own.
  static let deployment = ProcessInfo.processInfo.environment["MONGODB_URI"].flatMap { $0.isEmpty ? nil : $0 }
  static var isThere: Bool { script != nil || deployment != nil }

  /// Characters that must be percent-encoded among them; different in each run.
  nonisolated let password = "p@ss/\(UUID().uuidString)"
  nonisolated let database = "fleet-\(UUID().uuidString.prefix(8).lowercased())"
  private let folder = FileManager.default.temporaryDirectory.appending(path: "mongo-\(UUID().uuidString.prefix(8))")
  private var server: BackgroundProcess?
  private var port = 0

  /// Starts a server of the test's own.
  init() async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("fleet:\(password)".utf8).write(to: folder.appending(path: "user"))
    try await start()
  }

  nonisolated var encodedPassword: String {
    password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  /// The registry's location, password and all; or with another one.
  func uri(password: String? = nil) -> String {
    "mongodb://fleet:\(password ?? encodedPassword)@127.0.0.1:\(port)/\(database)?authSource=admin"
  }

  var client: MongoClient { get throws { MongoClient(try MongoURI(uri())) } }

  func collection(_ name: String) throws -> MongoCollection { try client.collection(name) }

  /// Starts the server, or starts it again: its data and its port are the same.
  func start() async throws {
    let log = folder.appending(path: "server.log")
    let process = try BackgroundProcess(
      try #require(Self.script),
      [
        "--faults", "--data", folder.appending(path: "data").path, "--port", "\(port)", "--user-file",
        folder.appending(path: "user").path, "--stop-with", "\(ProcessInfo.processInfo.processIdentifier)",
      ], log: log)
    server = process
    for _ in 0..<600 {
      if port == 0 { port = Self.port(in: log) ?? 0 }
      if port != 0, (try? await client.ping()) != nil { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("the MongoDB server does not start: \(log.path)")
  }

  /// The port in what the server says of itself.
  private static func port(in log: URL) -> Int? {
    let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    return text.firstMatch(of: /127\.0\.0\.1:([0-9]+)/).flatMap { Int($0.1) }
  }

  /// kill -9.
  func crash() async { await server?.crash() }

  /// Orders faults; each order takes the place of the one before.
  func order(_ faults: BSONDocument) async throws {
    let admin = MongoClient(try MongoURI(uri()).with(database: "admin"))
    _ = try await admin.command((["tensorfleetFaults": 1] as BSONDocument).merging(faults))
  }

  func stop() async {
    await server?.crash()
    try? FileManager.default.removeItem(at: folder)
  }
}
