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
  static let answerSize = 4 << 20

  private let cursor: MongoCursor
  private let batchSize: Int
  private var sequence: GridFSSequence
  private var fetched: ArraySlice<GridFSChunk> = []
  private var isOver = false

  /// - Parameters:
  ///   - from: the number of the first chunk.
  ///   - to: the number behind the last; nil for all, and then a chunk behind the file's end is found as well.
  package init(_ bucket: GridFSBucket, _ file: GridFSFile, from: Int = 0, to: Int? = nil) async throws(MongoError) {
    sequence = GridFSSequence(file, from: from, to: to)
    batchSize = max(1, Self.answerSize / file.chunkSize)
    cursor = try await bucket.cursor(of: file, from: from, to: to, batchSize: batchSize)
  }

  /// The next chunk; nil behind the last.
  /// - Throws: `damagedFile`, with the file and the chunk.
  package func next() async throws(MongoError) -> GridFSChunk? {
    if isOver { return nil }
    if fetched.isEmpty {
      fetched = try await cursor.next(batchSize) { [sequence] native throws(MongoError) in
        try sequence.read(native) { index, data in GridFSChunk(index: index, data: Array(data)) }
      }[...]
    }
    guard let chunk = fetched.popFirst() else {
      isOver = true
      try sequence.finish()
      return nil
    }
    try sequence.take(chunk.index, size: chunk.data.count)
    return chunk
  }
}
