import Basics
import Foundation
import Mongo
import Testing

@Suite(.enabled(if: TestServer.isThere)) struct GridFSIntegrationTests {
  private func withBucket(_ body: (GridFSBucket) async throws -> Void) async throws {
    try await TestServer.withClient { client in
      let bucket = GridFSBucket(client, "things")
      try await bucket.createIndexes()
      try await body(bucket)
    }
  }

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
  }

  @Test(arguments: [0, 1, 99, 100, 101, 1000, 54321]) func aFileComesBackAsItWasWritten(_ size: Int) async throws {
    try await withBucket { bucket in
      let bytes = Self.bytes(size)
      let file = try await bucket.upload(
        id: "the file", filename: "f", chunkSize: 100, metadata: ["kind": "test"], bytes)
      #expect(file.length == size)
      let found = try #require(try await bucket.file("the file"))
      #expect(found.metadata == ["kind": "test"])
      #expect(found.chunkCount == (size + 99) / 100)
      #expect(try await bucket.read(found) == bytes)
      #expect(try await bucket.chunks.count() == found.chunkCount)
      try await bucket.delete(found.id)
      try await bucket.delete(found.id)
      #expect(try await bucket.chunks.count() == 0)
      #expect(try await bucket.file("the file") == nil)
    }
  }

  @Test func aRangeIsReadFromItsChunksAlone() async throws {
    try await withBucket { bucket in
      let bytes = Self.bytes(1050)
      let file = try await bucket.upload(filename: "f", chunkSize: 100, bytes)
      try await bucket.chunks.delete(["n": 9])
      for range in [0..<1, 99..<101, 100..<200, 250..<899, 1000..<1050, 1049..<5000, 7..<7] {
        #expect(try await bucket.read(file, range) == Array(bytes[range.clamped(to: 0..<1050)]), "\(range)")
      }
      await #expect(throws: MongoError.self) { try await bucket.read(file, 899..<901) }
    }
  }

  @Test func piecesOfAnySizeMakeTheSameFile() async throws {
    try await withBucket { bucket in
      let seed = UInt64.random(in: 0...UInt64.max)
      var random = SplitMix64(seed: seed)
      let bytes = Self.bytes(20_000)
      for chunkSize in [1000, 4096, 30_000] {
        let writer = GridFSWriter(bucket, filename: "f", chunkSize: chunkSize)
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = rest.prefix(.random(in: 0...5000, using: &random))
          try await writer.write(piece)
          rest = rest.dropFirst(piece.count)
        }
        #expect(try await bucket.files.count(["chunkSize": .int(chunkSize)]) == 0)
        let file = try await writer.finish()
        #expect(try await bucket.read(file) == bytes, "seed \(seed), chunk size \(chunkSize)")
      }
    }
  }

  @Test func anAbortedWriterLeavesNothing() async throws {
    try await withBucket { bucket in
      let writer = GridFSWriter(bucket, filename: "f", chunkSize: 1 << 20)
      try await writer.write(Self.bytes(6 << 20))
      await writer.abort()
      #expect(try await bucket.chunks.count() == 0)
      #expect(try await bucket.files.count() == 0)
    }
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var says: String
    var change: @Sendable (MongoCollection, BSON) async throws -> Void
  }

  static let damages = [
    Damage(testDescription: "missing first", says: "chunk 0 of 5 is missing") { chunks, _ in
      try await chunks.delete(["n": 0])
    },
    Damage(testDescription: "missing", says: "chunk 2 of 5 is missing") { chunks, _ in try await chunks.delete(["n": 2])
    },
    Damage(testDescription: "missing last", says: "chunk 4 of 5 is missing") { chunks, _ in
      try await chunks.delete(["n": 4])
    },
    Damage(testDescription: "all missing", says: "chunk 0 of 5 is missing") { chunks, _ in try await chunks.delete([:])
    },
    Damage(testDescription: "short", says: "chunk 1 has 3 bytes, not 100") { chunks, _ in
      try await chunks.update(["n": 1], ["$set": ["data": .binary([1, 2, 3])]])
    },
    Damage(testDescription: "no data", says: "chunk 1 has no data") { chunks, _ in
      try await chunks.update(["n": 1], ["$unset": ["data": ""]])
    },
    Damage(testDescription: "doubled", says: "chunk 3 is there twice") { chunks, id in
      try await chunks.insert(["files_id": id, "n": .double(3), "data": .binary(bytes(100))])
    },
    Damage(testDescription: "surplus", says: "chunk 5 is there, but the file has 5") { chunks, id in
      try await chunks.insert(["files_id": id, "n": 5, "data": .binary([1])])
    },
  ]

  @Test(arguments: damages) func damageIsFoundAndNamed(_ damage: Damage) async throws {
    try await TestServer.withClient { client in
      // Without the unique index, as a careless restore would leave it.
      let bucket = GridFSBucket(client, "things")
      let file = try await bucket.upload(id: "f1", filename: "weights.onnx", chunkSize: 100, Self.bytes(450))
      try await damage.change(bucket.chunks, file.id)
      do {
        _ = try await bucket.read(file)
        Issue.record("a damaged file was read")
      } catch let error as MongoError {
        #expect(error.kind == .damagedFile)
        #expect(error.message == "the GridFS file weights.onnx (f1) is damaged: \(damage.says)")
      }
    }
  }

  @Test func chunksArriveInOrderWhileTheBodyTakesItsTime() async throws {
    try await withBucket { bucket in
      let file = try await bucket.upload(filename: "f", chunkSize: 2 << 20, Self.bytes(15 << 20))
      var seen: [Int] = []
      try await bucket.forEachChunk(of: file, from: 2, to: 6) { chunk in
        seen.append(chunk.index)
        #expect(chunk.data[0] == UInt8(truncatingIfNeeded: (chunk.index << 21) &* 31 ^ (chunk.index << 21) >> 8))
        await Task.yield()
      }
      #expect(seen == [2, 3, 4, 5])
      struct Enough: Error {}
      await #expect(throws: Enough.self) { try await bucket.forEachChunk(of: file) { _ in throw Enough() } }
    }
  }
}
