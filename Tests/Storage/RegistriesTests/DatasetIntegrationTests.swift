import Basics
import Foundation
import Mongo
import Synchronization
import Testing

@testable import Registries

/// What is particular to data sets in MongoDB: damage and its mending, killed writers, the cache, other tools.
@Suite(.enabled(if: TestServer.isThere), .databasesOfTheirOwn) struct DatasetIntegrationTests {
  let place: TemporaryDirectory
  let database = "test-\(ObjectID().hex)"
  let client: MongoClient
  var registry: MongoRegistry
  /// Bytes that do not shrink: several frames and chunks.
  let bytes: [UInt8]
  let path: String

  init() throws {
    place = try TemporaryDirectory()
    var random = SplitMix64(seed: 11)
    var bytes = [UInt8](repeating: 0, count: 2 * DatasetFiles.frameSize + 4321)
    for start in stride(from: 0, to: bytes.count - 8, by: 8) {
      let word = random.next()
      for place in 0..<8 { bytes[start + place] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(place))) }
    }
    self.bytes = bytes
    path = place.url.appending(path: "x.bin").path
    try Data(bytes).write(to: URL(filePath: path))
    client = TestServer.isThere ? try TestServer.client(database) : MongoClient(try MongoURI("mongodb://localhost"))
    registry = MongoRegistry(client)
    registry.cache = DatasetCacheOptions(directory: place.url.appending(path: "cache").path, maximumBytes: 1 << 30)
  }

  /// Another process.
  private func another() throws -> MongoRegistry {
    var another = MongoRegistry(try TestServer.client(database))
    another.cache = registry.cache
    return another
  }

  private var bucket: GridFSBucket { GridFSBucket(client, "datasets") }

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the error says, besides the data set and the file.
    let says: String
    let change: @Sendable (GridFSBucket) async throws -> Void
  }

  static func data(_ bucket: GridFSBucket, _ number: Int) async throws -> [UInt8] {
    try #require(try await bucket.chunks.findOne(["n": .int(number)])?["data"]?.binaryValue)
  }

  static func set(_ bucket: GridFSBucket, _ number: Int, _ data: [UInt8]) async throws {
    try await bucket.chunks.update(["n": .int(number)], ["$set": ["data": .binary(data)]])
  }

  static let damages = [
    Damage(testDescription: "missing chunk", says: "chunk 1 of") { try await $0.chunks.delete(["n": 1]) },
    Damage(testDescription: "missing last chunk", says: "is missing") { bucket in
      let last = try #require(try await bucket.chunks.findOne([:], sort: ["n": -1])?["n"])
      try await bucket.chunks.delete(["n": last])
    },
    Damage(testDescription: "altered chunk", says: "bytes 0 to 1048575 of x.bin") { bucket in
      var data = try await data(bucket, 1)
      data[data.count / 2] ^= 1
      try await set(bucket, 1, data)
    },
    Damage(testDescription: "truncated chunk", says: "chunk 1 has 1000 bytes") { bucket in
      try await set(bucket, 1, Array(try await data(bucket, 1).prefix(1000)))
    },
    Damage(testDescription: "swapped chunks", says: "bytes 0 to 1048575 of x.bin") { bucket in
      let (first, second) = (try await data(bucket, 0), try await data(bucket, 1))
      try await set(bucket, 0, second)
      try await set(bucket, 1, first)
    },
    Damage(testDescription: "altered index", says: "the index of x.bin is not what it was") { bucket in
      let metadata = try #require(try await bucket.files.findOne([:])?["metadata"]?.documentValue)
      var index = try #require(metadata["frames"]?.binaryValue)
      index[index.count - 1] ^= 1
      try await bucket.files.update([:], ["$set": ["metadata.frames": .binary(index)]])
    },
    Damage(testDescription: "no index", says: "the index of x.bin is missing") {
      try await $0.files.update([:], ["$unset": ["metadata": ""]])
    },
    Damage(testDescription: "other length", says: "stored bytes") {
      try await $0.files.update([:], ["$set": ["length": 7]])
    },
    Damage(testDescription: "no file", says: "x.bin is missing") { try await $0.files.delete([:]) },
  ]

  @Test(arguments: damages) func damageIsNamedAndPuttingAgainMendsIt(_ damage: Damage) async throws {
    let put = try await registry.putDataset("d", from: path)
    try await damage.change(bucket)
    let target = place.url.appending(path: "target").path
    for (way, read) in [
      ("read", { registry in _ = try await registry.readDataset("d", version: nil, file: nil, range: 0..<3_000_000) }),
      ("open", { registry in _ = try await registry.openDataset("d", version: nil) }),
      ("export", { registry in _ = try await registry.exportDataset("d", version: nil, to: target, progress: nil) }),
    ] as [(String, (MongoRegistry) async throws -> Void)] {
      do {
        try await read(try another())
        Issue.record("\(way): \(damage)")
      } catch let error as RegistryError {
        guard case .damaged("data set d", let detail) = error else {
          Issue.record("\(way): \(error)")
          continue
        }
        #expect(detail.contains(damage.says), "\(way): \(detail)")
        #expect(detail.contains("x.bin"), "\(way): \(detail)")
      }
    }
    #expect(!FileManager.default.fileExists(atPath: "\(target)/x.bin"))
    #expect(try await another().putDataset("d", from: path).version == put.version)
    #expect(try await another().readDataset("d", version: nil, file: nil, range: 0..<bytes.count) == bytes)
    #expect(try await Data(contentsOf: URL(filePath: registry.openDataset("d", version: nil).path)) == Data(bytes))
    // The damaged copy is gone.
    #expect(try await bucket.files.count() == 1)
    #expect(try await client.collection("uploads").count() == 0)
  }

  @Test func theSameContentsAreNotSentAgain() async throws {
    let put = try await registry.putDataset("d", from: path)
    let file = try await bucket.files.findOne([:])
    #expect(try await another().putDataset("d", from: path) == put)
    #expect(try await bucket.files.findOne([:]) == file)
    #expect(try await bucket.files.count() == 1)
  }

  @Test func ofManyPuttingTheSameAtOnceOneIsKept() async throws {
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 {
        let process = try another()
        group.addTask { [path] in try await process.putDataset("d", from: path).version }
      }
      let versions = try await group.reduce(into: Set<String>()) { $0.insert($1) }
      #expect(versions.count == 1)
    }
    #expect(try await bucket.files.count() == 1)
    #expect(try await client.collection("uploads").count() == 0)
    #expect(try await another().readDataset("d", version: nil, file: nil, range: 0..<bytes.count) == bytes)
  }

  @Test func aVersionThatGoesTakesOnlyItsOwnBytes() async throws {
    let first = try await registry.putDataset("d", from: path)
    _ = try await registry.putDataset("e", from: path)
    _ = try await registry.putDataset("d", from: place.file("x.bin2", "other"))
    #expect(try await bucket.files.count() == 3)
    try await registry.deleteDataset("d", version: first.version)
    #expect(try await bucket.files.count() == 2)
    #expect(try await another().readDataset("e", version: nil, file: nil, range: 0..<bytes.count) == bytes)
    try await registry.deleteDataset("e", version: nil)
    try await registry.deleteDataset("d", version: nil)
    #expect(try await bucket.files.count() == 0)
    #expect(try await bucket.chunks.count() == 0)
  }

  /// As a killed process would: it stops in the middle and nothing more is heard of it.
  @Test func aPutThatStopsLeavesNothingVisibleAndIsSwept() async throws {
    try await registry.check()
    let begun = Mutex(false)
    let process = try another()
    let put = Task { [path] in
      try await process.putDataset("d", from: path, summary: nil) { _ in begun.withLock { $0 = true } }
    }
    while !begun.withLock({ $0 }), !put.isCancelled { try await Task.sleep(for: .milliseconds(1)) }
    put.cancel()
    guard case .failure = await put.result else { return }
    #expect(try await registry.listDatasets().isEmpty)
    #expect(try await bucket.files.count() == 0)
    try await registry.sweep(olderThan: 0)
    for _ in 0..<200 where try await bucket.chunks.count() > 0 {
      try await Task.sleep(for: .milliseconds(10))
      try await registry.sweep(olderThan: 0)
    }
    #expect(try await bucket.chunks.count() == 0)
    #expect(try await client.collection("uploads").count() == 0)
    #expect(try await registry.putDataset("d", from: path).size == bytes.count)
  }

  /// A process that read from a version does not look at its record again, and yet finds out that it is gone, or put anew.
  @Test func aDeletedVersionIsNotTakenForADamagedOne() async throws {
    let put = try await registry.putDataset("d", from: path)
    let process = try another()
    func read() async throws -> [UInt8] {
      try await process.readDataset("d", version: put.version, file: nil, range: 5..<2_000_000)
    }
    #expect(try await read() == Array(bytes[5..<2_000_000]))
    try await registry.deleteDataset("d", version: nil)
    await #expect(throws: RegistryError.notFound(kind: "data set", name: "d version \(put.version)", known: [])) {
      try await read()
    }
    _ = try await registry.putDataset("d", from: path)
    #expect(try await read() == Array(bytes[5..<2_000_000]))
    try await registry.deleteDataset("d", version: nil)
    _ = try await registry.putDataset("d", from: path)
    do { #expect(try await read() == Array(bytes[5..<2_000_000])) } catch let error as RegistryError {
      #expect(error.retryable)
      #expect(try await read() == Array(bytes[5..<2_000_000]))
    }
  }

  @Test func anotherToolGetsAFileThatZstdTakes() async throws {
    _ = try await registry.putDataset("d", from: path)
    let document = try #require(try await bucket.files.findOne([:]))
    #expect(document["filename"] == "d/x.bin.zst")
    let id = try #require(document["_id"])
    let file = try #require(try await bucket.file(id))
    // Read as any tool does: all chunks in order.
    let stored = try await bucket.read(file)
    let index = try #require(file.metadata["frames"]?.binaryValue.flatMap { FrameIndex(packed: $0) })
    #expect(stored.count == index.storedSize)
    for frame in 0..<index.count {
      #expect(stored[index.storedRange(of: frame)].starts(with: [0x28, 0xB5, 0x2F, 0xFD]))
    }
  }

  @Test func aCutOffDownloadIsGoneOnWith() async throws {
    let put = try await registry.putDataset("d", from: path)
    let target = place.url.appending(path: "target")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    let part = target.appending(path: ".\(put.files[0].sha256).part")
    try Data(bytes[..<DatasetFiles.frameSize]).write(to: part)
    // What is there is not fetched: it could not be.
    try await bucket.chunks.delete(["n": 0])
    _ = try await registry.exportDataset("d", version: nil, to: target.path, progress: nil)
    #expect(try Data(contentsOf: target.appending(path: "x.bin")) == Data(bytes))
    #expect(!FileManager.default.fileExists(atPath: part.path))
    // And what a failed attempt brought stays for the next.
    try FileManager.default.removeItem(at: target.appending(path: "x.bin"))
    await #expect(throws: RegistryError.self) {
      try await registry.exportDataset("d", version: nil, to: target.path, progress: nil)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == [part.lastPathComponent])
  }
}
