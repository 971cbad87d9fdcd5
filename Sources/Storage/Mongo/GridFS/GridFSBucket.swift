#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Files in two collections, `<name>.files` and `<name>.chunks`, as every GridFS tool knows them.
///
/// A file is there once its document is: its chunks are written before it and removed after it.
package struct GridFSBucket: Sendable {
  package let client: MongoClient
  package let name: String
  package let files: MongoCollection
  package let chunks: MongoCollection

  /// The size that tools expect; it leaves a chunk's document below a round number of the server's pages.
  package static let defaultChunkSize = 255 * 1024

  package init(_ client: MongoClient, _ name: String) {
    self.client = client
    self.name = name
    files = client.collection("\(name).files")
    chunks = client.collection("\(name).chunks")
  }

  /// Makes the indexes that the specification asks for, where they are not there.
  package func createIndexes() async throws(MongoError) {
    try await files.createIndexes([MongoIndex(["filename": 1, "uploadDate": 1])])
    try await chunks.createIndexes([MongoIndex(["files_id": 1, "n": 1], isUnique: true)])
  }

  // MARK: Writing

  /// Keeps `bytes` as a file.
  @discardableResult
  package func upload(
    id: BSON = .objectID(ObjectID()), filename: String, chunkSize: Int = Self.defaultChunkSize,
    metadata: BSONDocument = [:], _ bytes: [UInt8]
  ) async throws(MongoError) -> GridFSFile {
    try await upload(id: id, filename: filename, chunkSize: chunkSize, metadata: metadata, pieces: [bytes])
  }

  /// Writes a file of which only one piece at a time is in memory a second time.
  /// - Parameter pieces: its bytes, in order.
  @discardableResult
  package func upload(
    id: BSON = .objectID(ObjectID()), filename: String, chunkSize: Int = Self.defaultChunkSize,
    metadata: BSONDocument = [:], pieces: some Sequence<[UInt8]>
  ) async throws(MongoError) -> GridFSFile {
    let writer = GridFSWriter(self, id: id, filename: filename, chunkSize: chunkSize)
    do throws(MongoError) {
      for piece in pieces { try await writer.write(piece) }
      return try await writer.finish(metadata: metadata)
    } catch {
      // Who is cancelled, or has just waited for a server that is not there, does not wait once more.
      let cleaning = Task { await writer.abort() }
      if !error.retryable { await cleaning.value }
      throw error
    }
  }

  /// Removes a file; one that does not exist, or of which only chunks are there, is no error.
  package func delete(_ id: BSON) async throws(MongoError) {
    try await files.delete(["_id": id])
    try await chunks.delete(["files_id": id])
  }

  // MARK: Reading

  /// What is known of a file; nil where there is none.
  package func file(_ id: BSON) async throws(MongoError) -> GridFSFile? {
    guard let document = try await files.findOne(["_id": id]) else { return nil }
    return try GridFSFile(document)
  }

  /// Bytes of a file.
  /// - Parameter range: nil for all of it.
  /// - Throws: `damagedFile`, with the file and the chunk that is missing or not what it should be.
  package func read(_ file: GridFSFile, _ range: Range<Int>? = nil) async throws(MongoError) -> [UInt8] {
    let range = (range ?? 0..<file.length).clamped(to: 0..<file.length)
    if range.isEmpty {
      // An empty file has no chunks, which is for the reader of chunks to find.
      if file.length == 0 { _ = try await GridFSReader(self, file).next() }
      return []
    }
    let collected = GridFSRange(file, range)
    let chunks = GridFSRange.chunks(of: range, file)
    // All in one answer where it may be one.
    let cursor = try await cursor(
      of: file, from: chunks.lowerBound, to: chunks.upperBound,
      batchSize: min(chunks.count + 1, max(1, GridFSReader.answerSize / file.chunkSize)))
    _ = try await cursor.next(Int.max) { native throws(MongoError) in try collected.take(native) }
    return try collected.finish()
  }

  /// The documents of a file's chunks in order, whole: they have little besides their data, and servers give what is whole faster.
  func cursor(
    of file: GridFSFile, from: Int, to: Int?, batchSize: Int
  ) async throws(MongoError) -> MongoCursor {
    var numbers: BSONDocument = ["$gte": .int(from)]
    if let to, to < file.chunkCount { numbers["$lt"] = .int(to) }
    return try await chunks.cursor(
      ["files_id": file.id, "n": .document(numbers)], sort: ["n": 1], batchSize: batchSize)
  }

  /// Calls `body` with each of a file's chunks in order, from the one of number `from` to the one before `to`, nil for the last.
  /// The next ones are fetched meanwhile; besides the one in `body`'s hands no more than two answers of the server are in memory.
  package func forEachChunk(
    of file: GridFSFile, from: Int = 0, to: Int? = nil, _ body: (GridFSChunk) async throws -> Void
  ) async throws {
    let reader = try await GridFSReader(self, file, from: from, to: to)
    var chunk = try await reader.next()
    while let current = chunk {
      async let following = reader.next()
      try await body(current)
      chunk = try await following
    }
  }
}
