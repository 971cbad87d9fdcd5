import Foundation
import Mongo
import Testing

/// The server that tests are run against, where there is one.
enum TestServer {
  static let uri = ["TENSORFLEET_TEST_MONGODB_URI", "MONGODB_URI"].lazy
    .compactMap { ProcessInfo.processInfo.environment[$0] }.first { !$0.isEmpty }
  static var isThere: Bool { uri != nil }

  /// Runs `body` with a database of its own, which goes afterwards.
  static func withClient(
    options: MongoOptions = MongoOptions(appName: "tests"), _ body: (MongoClient) async throws -> Void
  ) async throws {
    let name = "test-\(ObjectID().hex)"
    let client = MongoClient(try MongoURI(try #require(uri)).with(database: name), options: options)
    do { try await body(client) } catch {
      try? await client.dropDatabase()
      throw error
    }
    try await client.dropDatabase()
  }
}
