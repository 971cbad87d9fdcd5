import Foundation
import Mongo
import Testing

/// The server that tests are run against, where there is one.
enum TestServer {
  static let uri: String? =
    ProcessInfo.processInfo.environment["TENSORFLEET_TEST_MONGODB_URI"]
    ?? ProcessInfo.processInfo.environment["MONGODB_URI"]
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
