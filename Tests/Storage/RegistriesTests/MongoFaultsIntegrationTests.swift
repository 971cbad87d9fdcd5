import Basics
import Foundation
import Mongo
import Registries
import Testing

/// A server that fails, breaks connections and is slow, as the development server does when it is told to: what is reported
/// again and again until it is taken is there once. Other servers take no such orders, and these tests are nothing to them.
@Suite(.enabled(if: TestServer.isThere), .databasesOfTheirOwn) struct MongoFaultsIntegrationTests {
  private let database = "test-\(ObjectID().hex)"

  private static func takesOrders() async throws -> Bool {
    do { try await TestServer.admin?.command(["tensorfleetFaults": 1]) } catch {
      if case .command = error.kind { return false }
      if error.kind == .unauthorized { return false }
      throw error
    }
    return true
  }

  /// Runs `body` while the server behaves as ordered.
  private func withFaults(_ faults: BSONDocument, _ body: () async throws -> Void) async throws {
    let admin = try #require(TestServer.admin)
    try await admin.command(BSONDocument([("tensorfleetFaults", 1)]).merging(faults))
    do { try await body() } catch {
      try await admin.command(["tensorfleetFaults": 1])
      throw error
    }
    try await admin.command(["tensorfleetFaults": 1])
  }

  /// What a reporter does with what it could not send.
  private static func untilTaken<T: Sendable>(_ call: () async throws(RegistryError) -> T) async throws -> T {
    for _ in 0..<200 {
      do { return try await call() } catch {
        guard error.retryable else { throw error }
      }
    }
    throw RegistryError.unavailable(detail: "never taken")
  }

  /// 262 is an error that passes by itself; at 189 drivers look for another primary, which takes them half a second.
  static let faults: [BSONDocument] = [
    ["failEveryNthWrite": 3, "failCode": 262, "failRetryable": false],
    ["failEveryNthWrite": 3, "failCode": 262, "failAs": "statement"],
    ["failEveryNthWrite": 5, "failCode": 189, "failRetryable": true],
    ["closeEveryNthWrite": 3, "closeWhen": "applied"],
    ["closeEveryNthWrite": 3, "closeWhen": "received"],
    ["closeEveryNthWrite": 7, "closeWhen": "applied", "failEveryNthWrite": 4, "failCode": 262, "failRetryable": false],
  ]

  @Test(arguments: faults) func whatIsReportedUntilItIsTakenIsThereOnce(_ faults: BSONDocument) async throws {
    guard try await Self.takesOrders() else { return }
    try await report(to: (0..<3).map { _ in MongoRegistry(try TestServer.client(database)) }, faults)
  }

  /// Where it is the registry that has to find out what a write has done whose answer was lost.
  @Test func theDriversOwnRetriesAreNotReliedOn() async throws {
    guard try await Self.takesOrders() else { return }
    let processes = try (0..<3).map { _ in MongoRegistry(try TestServer.client(database, option: "retryWrites=false")) }
    try await report(to: processes, ["closeEveryNthWrite": 4, "closeWhen": "applied"])
  }

  private func report(to processes: [MongoRegistry], _ faults: BSONDocument) async throws {
    try await processes[0].check()
    try await withFaults(faults) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<3 {
          let registry = processes[writer % 3]
          group.addTask {
            try await Self.untilTaken { () async throws(RegistryError) in
              try await registry.appendHistory((1...20).map { point($0, rank: writer) }, run: "r")
            }
            _ = try await Self.untilTaken { () async throws(RegistryError) in
              try await registry.registerModel(
                draft("m", run: "run-\(writer)", bytes: String(repeating: "x", count: 600_000)))
            }
            try await Self.untilTaken { () async throws(RegistryError) in
              try await registry.saveCheckpoint(checkpoint(writer, run: "run-\(writer)"), keeping: 1)
            }
          }
        }
        try await group.waitForAll()
      }
    }
    let registry = processes[0]
    #expect(try await registry.history(run: "r").count == 60)
    let models = try await registry.listModels()
    #expect(Set(models.map(\.version)) == Set((1...3).map { "v\($0)" }))
    #expect(Set(models.map(\.info.run)).count == 3)
    for model in models {
      #expect(try await registry.modelFile("m", version: model.version, file: "model.bin").count == 600_000)
      #expect(try await registry.newestCheckpoint(run: model.info.run, fingerprint: "f") != nil)
    }
    try await registry.sweep(olderThan: 0)
    let client = try TestServer.client(database)
    #expect(try await GridFSBucket(client, "models").files.count() == 3)
    #expect(try await GridFSBucket(client, "models").chunks.count() == 9)
  }

  @Test func aSlowServerIsWaitedForOnlySoLong() async throws {
    guard try await Self.takesOrders() else { return }
    let options = MongoOptions(socketTimeout: .milliseconds(300), operationTimeout: .milliseconds(500))
    let registry = MongoRegistry(try TestServer.client(database, options))
    try await registry.check()
    try await withFaults(["delayMs": 1500]) {
      let begin = ContinuousClock.now
      do {
        try await registry.putRun(run("r"))
        Issue.record("a slow server was waited for")
      } catch {
        #expect((error as? RegistryError)?.reason == "RegistryUnavailable", "\(error)")
        #expect(ContinuousClock.now - begin < .seconds(5))
      }
      let cancelled = Task { try await registry.run("r") }
      try await Task.sleep(for: .milliseconds(50))
      let moment = ContinuousClock.now
      cancelled.cancel()
      _ = await cancelled.result
      #expect(ContinuousClock.now - moment < .milliseconds(200))
    }
    // And when it is itself again so is the registry.
    try await Self.untilTaken { () async throws(RegistryError) in try await registry.putRun(run("r")) }
    #expect(try await registry.run("r").id == "r")
  }
}
