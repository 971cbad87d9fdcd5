import CMongoC

/// A piece of a file.
package struct GridFSChunk: Sendable {
  /// Its number in the file, from 0.
  package var index: Int
  package var data: [UInt8]
}

/// Gives a file's chunks in order, and vouches that they are the file's: each there, once, and of the size that the file's
/// document says. What the bytes are is for checksums to tell.
package actor GridFSReader {
  /// Bytes that one answer of the server may hold; more per answer only costs memory.
  private static let answerSize = 4 << 20

  private let cursor: MongoCursor
  private let file: GridFSFile
  private let end: Int
  private let batchSize: Int
  /// The number of the chunk that is to come.
  private var expected: Int
  private var fetched: ArraySlice<GridFSChunk> = []
  private var isOver = false

  /// - Parameters:
  ///   - from: the number of the first chunk.
  ///   - to: the number behind the last; nil for all, and then a chunk behind the file's end is found as well.
  package init(_ bucket: GridFSBucket, _ file: GridFSFile, from: Int = 0, to: Int? = nil) async throws(MongoError) {
    self.file = file
    expected = from
    end = min(to ?? file.chunkCount, file.chunkCount)
    batchSize = max(1, Self.answerSize / file.chunkSize)
    var numbers: BSONDocument = ["$gte": .int(from)]
    if let to, to < file.chunkCount { numbers["$lt"] = .int(to) }
    cursor = try await bucket.chunks.cursor(
      ["files_id": file.id, "n": .document(numbers)], sort: ["n": 1], projection: ["n": 1, "data": 1],
      batchSize: batchSize)
  }

  /// The next chunk; nil behind the last.
  /// - Throws: `damagedFile`, with the file and the chunk.
  package func next() async throws(MongoError) -> GridFSChunk? {
    if isOver { return nil }
    if fetched.isEmpty {
      let title = file.title
      fetched = try await cursor.next(batchSize) { native throws(MongoError) in try Self.chunk(native, title) }[...]
    }
    guard let chunk = fetched.popFirst() else {
      isOver = true
      guard expected >= end else { throw damaged("chunk \(expected) of \(file.chunkCount) is missing") }
      return nil
    }
    guard chunk.index >= expected else { throw damaged("chunk \(chunk.index) is there twice") }
    guard chunk.index < file.chunkCount else {
      throw damaged(
        expected < end
          ? "chunk \(expected) of \(file.chunkCount) is missing"
          : "chunk \(chunk.index) is there, but the file has \(file.chunkCount)")
    }
    guard chunk.index == expected else { throw damaged("chunk \(expected) of \(file.chunkCount) is missing") }
    let size = file.size(ofChunk: chunk.index)
    guard chunk.data.count == size else {
      throw damaged("chunk \(chunk.index) has \(chunk.data.count) bytes, not \(size)")
    }
    expected += 1
    return chunk
  }

  private func damaged(_ detail: String) -> MongoError { Self.damaged(file.title, detail) }

  private static func damaged(_ title: String, _ detail: String) -> MongoError {
    MongoError(.damagedFile, "the GridFS file \(title) is damaged: \(detail)")
  }

  /// Reads a chunk's document with one copy of its data.
  private static func chunk(_ native: OpaquePointer, _ title: String) throws(MongoError) -> GridFSChunk {
    var reader = try BSONReader(NativeBSON.bytes(native))
    var index: Int?
    var data: [UInt8]?
    while let (type, key) = try reader.next() {
      let value = try reader.value(type, key)
      if key == "n" { index = value.intValue }
      if key == "data" { data = value.binaryValue }
    }
    guard let index else { throw damaged(title, "a chunk has no number") }
    guard let data else { throw damaged(title, "chunk \(index) has no data") }
    return GridFSChunk(index: index, data: data)
  }
}
