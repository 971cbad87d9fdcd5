import Foundation
import Mongo
import Testing

@Suite(.enabled(if: TestServer.isThere)) struct ConnectionIntegrationTests {
  @Test func makingAClientConnectsToNothing() async throws {
    let client = MongoClient(try MongoURI("mongodb+srv://no-such-name.invalid.example/x"))
    #expect(client.database == "x")
  }

  @Test func aClientThatGoesAwayWhileItsCallsRunLetsThemEnd() async throws {
    for _ in 0..<5 {
      let uri = try MongoURI(try #require(TestServer.uri)).with(database: "test-\(ObjectID().hex)")
      var client: MongoClient? = MongoClient(uri)
      let tasks = try (0..<8).map { _ in
        let client = try #require(client)
        return Task { try await client.ping() }
      }
      client = nil
      for task in tasks.dropFirst(4) { task.cancel() }
      for task in tasks.prefix(4) { try await task.value }
    }
  }
}
