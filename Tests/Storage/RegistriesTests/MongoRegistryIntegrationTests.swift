import Basics
import Foundation
import Mongo
import Testing

@testable import Registries

/// What is particular to the MongoDB back end: damage, versions, several processes, and what killed ones leave.
@Suite(.enabled(if: TestServer.isThere), .databasesOfTheirOwn) struct MongoRegistryIntegrationTests {
  let database = "test-\(ObjectID().hex)"
  let client: MongoClient
  let registry: MongoRegistry

  init() throws {
    // Without a server these are not run, but this is.
    guard TestServer.isThere else {
      client = MongoClient(try MongoURI("mongodb://localhost"))
      registry = MongoRegistry(client)
      return
    }
    client = try TestServer.client(database)
    registry = MongoRegistry(client)
  }

  private func another() throws -> MongoRegistry { MongoRegistry(try TestServer.client(database)) }

  private func failure(_ call: () async throws(RegistryError) -> Void) async -> RegistryError? {
    do {
      try await call()
      return nil
    } catch { return error }
  }

  // MARK: Damage

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (GridFSBucket) async throws -> Void
  }

  static let damages = [
    Damage(testDescription: "missing chunk") { try await $0.chunks.delete(["n": 1]) },
    Damage(testDescription: "altered chunk") { bucket in
      let chunk = try #require(try await bucket.chunks.findOne(["n": 1]))
      var data = try #require(chunk["data"]?.binaryValue)
      data[data.count / 2] ^= 1
      try await bucket.chunks.update(["n": 1], ["$set": ["data": .binary(data)]])
    },
    Damage(testDescription: "short chunk") { bucket in
      try await bucket.chunks.update(["n": 0], ["$set": ["data": .binary([1])]])
    },
    Damage(testDescription: "no file") { try await $0.files.delete([:]) },
    Damage(testDescription: "other length") { try await $0.files.update([:], ["$set": ["length": 7]]) },
  ]

  /// Two chunks and a bit.
  private static let bytes = String(repeating: "0123456789", count: 60_000)

  @Test(arguments: damages) func aDamagedModelIsRefused(_ damage: Damage) async throws {
    let wanted = draft("m", run: "r", bytes: Self.bytes)
    let model = try await registry.registerModel(wanted)
    #expect(try await registry.modelFile("m", version: "v1", file: "model.bin") == Array(Self.bytes.utf8))
    try await damage.change(GridFSBucket(client, "models"))
    let error = await failure { () async throws(RegistryError) in
      _ = try await registry.modelFile("m", version: model.version, file: "model.bin")
    }
    guard case .damaged(let what, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what == "model m v1")
    #expect(error?.retryable == false)
  }

  @Test(arguments: damages) func aDamagedCheckpointIsPassedOverForTheOneBefore(_ damage: Damage) async throws {
    try await registry.saveCheckpoint(checkpoint(1), keeping: 3)
    let files = GridFSBucket(client, "checkpoints").files
    let first = try #require(try await files.findOne([:])?["_id"])
    try await registry.saveCheckpoint(checkpoint(2, data: Self.bytes), keeping: 3)
    #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f")?.step == 2)
    // Out of reach of the damage, which is done to whatever file is found.
    let chunks = GridFSBucket(client, "checkpoints").chunks
    let saved = try #require(try await chunks.findOne(["files_id": first]))
    let file = try #require(try await files.findOne(["_id": first]))
    try await chunks.delete(["files_id": first])
    try await files.delete(["_id": first])
    try await damage.change(GridFSBucket(client, "checkpoints"))
    try await chunks.insert(saved)
    try await files.insert(file)
    #expect(try await registry.newestCheckpoint(run: "run", fingerprint: "f") == checkpoint(1))
  }

  @Test func aRecordThatIsNoneSaysWhatIsWrong() async throws {
    _ = try await registry.registerModel(draft("m", run: "r"))
    try await client.collection("models").update(["name": "m"], ["$set": ["metrics": "high"]])
    let error = await failure { () async throws(RegistryError) in _ = try await registry.model("m", version: nil) }
    #expect(error == .damaged(what: "model m v1", detail: "its record has no usable metrics"))
  }

  // MARK: Versions of the schema

  @Test func aNewerDatabaseIsRefusedAndLeftAlone() async throws {
    try await client.collection("schema").insert(["_id": "tensorfleet", "version": 2])
    let error = await failure { () async throws(RegistryError) in try await registry.putRun(run("r")) }
    #expect(error == .newerSchema(what: "the database \(database)", version: 2, known: 1))
    #expect(error?.message.contains("use a newer TensorFleet") == true)
    #expect(try await client.collection("runs").count() == 0)
    // The first failure is not remembered.
    try await client.collection("schema").update(["_id": "tensorfleet"], ["$set": ["version": 1]])
    try await registry.putRun(run("r"))
  }

  @Test func aDocumentOfANewerVersionIsRefusedAndNoOther() async throws {
    _ = try await registry.registerModel(draft("a", run: "1"))
    _ = try await registry.registerModel(draft("b", run: "2"))
    try await client.collection("models").update(["name": "b"], ["$set": ["schema": 3]])
    #expect(try await registry.model("a", version: nil).version == "v1")
    let error = await failure { () async throws(RegistryError) in _ = try await registry.model("b", version: nil) }
    #expect(error == .newerSchema(what: "model b v1", version: 3, known: 1))
    try await registry.putRun(run("r"))
    try await client.collection("runs").update(["_id": "r"], ["$set": ["schema": 9]])
    #expect(
      await failure { () async throws(RegistryError) in _ = try await registry.run("r") }
        == .newerSchema(what: "run r", version: 9, known: 1))
  }

  @Test func theSchemaIsSeenToOnceAndByAnyNumberOfProcesses() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<6 {
        let process = try another()
        group.addTask { try await process.putRun(run("run-\(number)")) }
      }
      try await group.waitForAll()
    }
    #expect(try await registry.listRuns().count == 6)
    #expect(try await client.collection("schema").count() == 1)
    let indexes = try await client.command(["listIndexes": "models"])["cursor"]?.documentValue?["firstBatch"]?
      .arrayValue
    let names = indexes?.compactMap { $0.documentValue?["name"]?.stringValue } ?? []
    #expect(Set(names).isSuperset(of: ["name_1_number_-1", "one_model_a_run", "algorithm_1_metrics.accuracy_-1"]))
  }

  // MARK: Many writers

  @Test func aHundredWritersOfManyProcessesGetAHundredVersions() async throws {
    let processes = try (0..<5).map { _ in try another() }
    let versions = try await withThrowingTaskGroup(of: String.self) { group in
      for writer in 0..<100 {
        group.addTask { try await processes[writer % 5].registerModel(draft("m", run: "run-\(writer)")).version }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(versions) == Set((1...100).map { "v\($0)" }))
    #expect(versions.count == 100)
    #expect(try await GridFSBucket(client, "models").files.count() == 100)
    #expect(try await client.collection("uploads").count() == 0)
  }

  @Test func theLosersOfARaceLeaveNoFiles() async throws {
    let processes = try (0..<4).map { _ in try another() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<20 {
        group.addTask { _ = try await processes[writer % 4].registerModel(draft("m", run: "the-run")) }
      }
      try await group.waitForAll()
    }
    #expect(try await client.collection("models").count() == 1)
    #expect(try await GridFSBucket(client, "models").files.count() == 1)
    #expect(try await GridFSBucket(client, "models").chunks.count() == 1)
  }

  // MARK: What killed processes leave

  @Test func bytesWithoutADocumentAreSeenByNobodyAndSwept() async throws {
    _ = try await registry.registerModel(draft("m", run: "kept"))
    // A process that was killed after it had written its files, and one that was killed while it wrote.
    let bucket = GridFSBucket(client, "models")
    let written = BSON.objectID(ObjectID())
    let begun = BSON.objectID(ObjectID())
    let kept = try #require(try await bucket.files.findOne([:])?["_id"])
    let document: BSONDocument = [
      "schema": 1, "bucket": "models", "files": [written, begun, kept], "by": "test", "since": .date(Date()),
    ]
    try await client.collection("uploads").insert(document)
    try await bucket.upload(id: written, filename: "model.bin", [1, 2, 3])
    try await bucket.chunks.insert(["files_id": begun, "n": 0, "data": .binary([1])])

    let next = try another()
    #expect(try await next.listModels().map(\.id) == ["m/v1"])
    #expect(try await next.sweep() == 0)
    #expect(try await bucket.files.count() == 2)
    #expect(try await next.sweep(olderThan: 0) == 2)
    #expect(try await bucket.chunks.count() == 1)
    #expect(try await client.collection("uploads").count() == 0)
    #expect(try await next.modelFile("m", version: "v1", file: "model.bin") == Array("weights".utf8))
  }

  @Test func anUploadThatGoesOnIsNotSwept() async throws {
    let upload = try await registry.begin("datasets", files: [.objectID(ObjectID())])
    func since() async throws -> Int64? {
      guard case .date(let time)? = try await client.collection("uploads").findOne([:])?["since"] else { return nil }
      return time
    }
    let begun = try #require(try await since())
    let beat = registry.keepAlive(upload, every: 0.02)
    var isNewer = false
    for _ in 0..<500 where !isNewer {
      try await Task.sleep(for: .milliseconds(10))
      isNewer = try await since().map { $0 > begun } ?? false
    }
    #expect(isNewer)
    beat.cancel()
  }

  /// Writers that are stopped at any moment: what the next process finds is whole, and once swept nothing else is there.
  @Test func aWriterStoppedAtAnyMomentLeavesNothingHalf() async throws {
    try await registry.check()
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    var stopped = 0
    for round in 0..<40 {
      let writer = MongoRegistry(client)
      let task = Task {
        _ = try await writer.registerModel(draft("m", run: "run-\(round)", bytes: Self.bytes))
        try await writer.saveCheckpoint(checkpoint(round, data: "state \(round)"), keeping: 2)
        if round % 3 == 0 { try await writer.deleteModel("m", version: "v\(round / 3)") }
      }
      try await Task.sleep(for: .microseconds(.random(in: 0...30_000, using: &random)))
      task.cancel()
      if case .failure = await task.result { stopped += 1 }
      let next = try await registry.newestCheckpoint(run: "run", fingerprint: "f")
      if let next { #expect(next.data == Data("state \(next.step)".utf8), "seed \(seed)") }
    }
    #expect(stopped > 0, "no writer was stopped")
    // What was sent before the stop may still arrive.
    try await Task.sleep(for: .milliseconds(500))
    for model in try await registry.listModels() {
      let bytes = try await registry.modelFile("m", version: model.version, file: "model.bin")
      #expect(bytes.count == Self.bytes.utf8.count, "seed \(seed)")
    }
    try await registry.sweep(olderThan: 0)
    #expect(try await client.collection("uploads").count() == 0)
    for name in ["models", "checkpoints"] {
      let bucket = GridFSBucket(client, name)
      let named = try await client.collection(name).find([:]).flatMap { document in
        document["files"]?.arrayValue?.compactMap { $0.documentValue?["file"] } ?? []
      }
      #expect(Set(try await bucket.files.distinct("_id")) == Set(named), "seed \(seed)")
      #expect(Set(try await bucket.chunks.distinct("files_id")).isSubset(of: named), "seed \(seed)")
    }
  }

  @Test func deletingTakesTheBytesToo() async throws {
    _ = try await registry.registerModel(draft("m", run: "r"))
    for step in 1...4 { try await registry.saveCheckpoint(checkpoint(step), keeping: 2) }
    #expect(try await GridFSBucket(client, "checkpoints").files.count() == 2)
    try await registry.deleteModel("m", version: "v1")
    try await registry.deleteCheckpoints(run: "run")
    for name in ["models", "checkpoints"] {
      #expect(try await GridFSBucket(client, name).files.count() == 0)
      #expect(try await GridFSBucket(client, name).chunks.count() == 0)
    }
    #expect(try await client.collection("uploads").count() == 0)
    // The run may register again: what it registered is gone.
    #expect(try await registry.registerModel(draft("m", run: "r")).version == "v2")
  }

  // MARK: Reports

  @Test func thousandsOfPointsSentTwiceAreThereOnce() async throws {
    let points = (1...2500).map { point($0) }
    try await registry.appendHistory(Array(points[..<1500]), run: "r")
    try await registry.appendHistory(points, run: "r")
    #expect(try await registry.history(run: "r") == points)
  }

  @Test func attemptsThatReportAtOnceAreAllKept() async throws {
    let processes = try (0..<4).map { _ in try another() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for attempt in 0..<16 {
        group.addTask {
          var record = run("r")
          record.attempt = attempt
          record.metrics = attempt == 15 ? nil : ["accuracy": Double(attempt)]
          try await processes[attempt % 4].putRun(record)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await registry.runAttempts("r").map(\.attempt) == Array(0..<16))
    let newest = try await registry.run("r")
    #expect(newest.attempt == 15)
    // What the newest has not said is not taken from another.
    #expect(newest.metrics == nil)
  }

  // MARK: Names

  @Test(arguments: ["accuracy", "f1.macro", "$set", "a.b$c%2E", "", "%", "ä\u{0}x", "%25"])
  func aMetricOfAnyNameIsKeptAndFound(_ name: String) async throws {
    var wanted = draft("m", run: "r")
    wanted.info.metrics = [name: 0.5]
    wanted.info.hyperparameters = [name: "x"]
    _ = try await registry.registerModel(wanted)
    #expect(try await registry.model("m", version: nil).info == wanted.info)
    let found = try await registry.listModels(ModelQuery(metrics: [MetricCondition(name, .atLeast, 0.5)]))
    #expect(found.total == 1)
    #expect(try await registry.listModels(ModelQuery(metrics: [MetricCondition(name, .above, 0.5)])).total == 0)
  }

  @Test func aMetricThatIsNoNumberIsRefused() async throws {
    var wanted = draft("m", run: "r")
    wanted.info.metrics = ["loss": .nan]
    let error = await failure { () async throws(RegistryError) in _ = try await registry.registerModel(wanted) }
    #expect(error?.reason == "InvalidContents")
    #expect(try await registry.listModels().isEmpty)
  }
}
