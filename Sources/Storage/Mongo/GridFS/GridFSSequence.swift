import CMongoC

/// Which of a file's chunks is to come, and whether what comes is that one: each there, once, and of the size that the file's
/// document says. What the bytes are is for checksums to tell.
struct GridFSSequence: Sendable {
  let file: GridFSFile
  /// The number of the chunk that is to come.
  private(set) var expected: Int
  /// The number behind the last that is wanted.
  let end: Int

  init(_ file: GridFSFile, from: Int, to: Int?) {
    self.file = file
    expected = from
    end = min(to ?? file.chunkCount, file.chunkCount)
  }

  /// - Throws: `damagedFile`, with the file and the chunk.
  mutating func take(_ index: Int, size: Int) throws(MongoError) {
    guard index >= expected else { throw damaged("chunk \(index) is there twice") }
    guard index < file.chunkCount else {
      throw expected < end ? missing : damaged("chunk \(index) is there, but the file has \(file.chunkCount)")
    }
    guard index == expected else { throw missing }
    let right = file.size(ofChunk: index)
    guard size == right else { throw damaged("chunk \(index) has \(size) bytes, not \(right)") }
    expected += 1
  }

  /// To be called when nothing more comes.
  func finish() throws(MongoError) {
    if expected < end { throw missing }
  }

  private var missing: MongoError { damaged("chunk \(expected) of \(file.chunkCount) is missing") }

  private func damaged(_ detail: String) -> MongoError {
    MongoError(.damagedFile, "the GridFS file \(file.title) is damaged: \(detail)")
  }

  /// Calls `body` with the number and the data of the chunk that a document is; they lie where they came in.
  func read<R>(
    _ native: OpaquePointer, _ body: (Int, UnsafeRawBufferPointer) throws(MongoError) -> R
  ) throws(MongoError) -> R {
    var reader = try BSONReader(NativeBSON.bytes(native))
    var index: Int?
    var data: UnsafeRawBufferPointer?
    while let (type, key) = try reader.next() {
      if key == "data", type == BSONType.binary.rawValue {
        data = try reader.binary(key)
      } else {
        let value = try reader.value(type, key)
        if key == "n" { index = value.intValue }
      }
    }
    guard let index else { throw damaged("a chunk has no number") }
    guard let data else { throw damaged("chunk \(index) has no data") }
    return try body(index, data)
  }
}
