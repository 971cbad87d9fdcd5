import Basics

/// Writes one file of a bucket piece by piece: chunks go out while the next are filled, the file's document comes last. Until
/// then no reader sees any of it, and what a killed writer leaves are chunks of no file.
package actor GridFSWriter {
  /// Bytes sent in one message, and how many such messages are under way at once.
  private static let batchSize = 2 << 20
  private static let depth = 3

  private let bucket: GridFSBucket
  private let id: BSON
  private let filename: String
  private let chunkSize: Int
  private var length = 0
  /// Bytes of the chunk that is being filled.
  private var filling: [UInt8] = []
  private var batch = BSONBatch()
  private var chunkCount = 0
  private var underWay: [Task<Result<Void, MongoError>, Never>] = []

  /// - Parameter chunkSize: bytes; the server takes documents of 16 MiB at most.
  package init(
    _ bucket: GridFSBucket, id: BSON = .objectID(ObjectID()), filename: String,
    chunkSize: Int = GridFSBucket.defaultChunkSize
  ) {
    self.bucket = bucket
    self.id = id
    self.filename = filename
    self.chunkSize = max(1, chunkSize)
  }

  /// Adds bytes to the file. Returns once no more than a few MiB of it wait to be sent.
  package func write(_ bytes: [UInt8]) async throws(MongoError) { try await write(bytes[...]) }

  package func write(_ bytes: ArraySlice<UInt8>) async throws(MongoError) {
    var rest = bytes
    length += bytes.count
    while !rest.isEmpty {
      if filling.isEmpty, rest.count >= chunkSize {
        try await send(rest.prefix(chunkSize))
        rest = rest.dropFirst(chunkSize)
      } else {
        let piece = rest.prefix(chunkSize - filling.count)
        filling.append(contentsOf: piece)
        rest = rest.dropFirst(piece.count)
        if filling.count == chunkSize {
          let chunk = filling
          filling.removeAll(keepingCapacity: true)
          try await send(chunk[...])
        }
      }
    }
  }

  /// Sends what is left and makes the file visible.
  /// - Returns: the file as its document says.
  package func finish(metadata: BSONDocument = [:]) async throws(MongoError) -> GridFSFile {
    if !filling.isEmpty {
      try await send(filling[...])
      filling = []
    }
    try await sendBatch()
    while !underWay.isEmpty { try await waitForOldest() }
    let file = GridFSFile(id: id, length: length, chunkSize: chunkSize, filename: filename, metadata: metadata)
    try await bucket.files.insertOnce(file.document)
    return file
  }

  /// Stops, and removes what was written as far as the server can be reached: what remains is for a sweep.
  package func abort() async {
    // A message that is given up may still arrive: nothing is removed before all have an answer.
    for task in underWay { _ = await task.value }
    underWay = []
    // Also when this very task is cancelled.
    _ = await Task { [bucket, id] in try await bucket.delete(id) }.result
  }

  // MARK: Sending

  private func send(_ data: ArraySlice<UInt8>) async throws(MongoError) {
    let number = chunkCount
    chunkCount += 1
    try batch.append { writer throws(MongoError) in
      let start = writer.begin()
      try writer.write("_id", .objectID(ObjectID()))
      try writer.write("files_id", id)
      try writer.write("n", .int32(Int32(clamping: number)))
      try data.withUnsafeBufferPointer { bytes throws(MongoError) in
        try writer.write("data", binary: UnsafeRawBufferPointer(bytes))
      }
      try writer.end(start)
    }
    if batch.bytes.count + chunkSize > Self.batchSize { try await sendBatch() }
  }

  private func sendBatch() async throws(MongoError) {
    if batch.count == 0 { return }
    while underWay.count >= Self.depth { try await waitForOldest() }
    let full = batch
    batch = BSONBatch(reserving: Self.batchSize + 4096)
    underWay.append(Task { [chunks = bucket.chunks] in await Self.insert(full, into: chunks) })
  }

  /// Sends a message, and again where that may help: chunks that arrived the first time are known by their identifiers and are not
  /// doubled.
  private static func insert(_ batch: BSONBatch, into chunks: MongoCollection) async -> Result<Void, MongoError> {
    do throws(MongoError) {
      try await MongoRetry.run { attempt throws(MongoError) in
        _ = try await chunks.insert(batch, ordered: attempt == 0, toleratingDuplicates: attempt > 0)
      }
      return .success(())
    } catch { return .failure(error) }
  }

  /// Waits for the answer to the oldest message, or to be cancelled; the message is then still under way.
  private func waitForOldest() async throws(MongoError) {
    guard let oldest = underWay.first else { return }
    let reply = Promise<Result<Void, MongoError>>()
    Task { reply.settle(await oldest.value) }
    let result = await withTaskCancellationHandler {
      await reply.value
    } onCancel: {
      reply.settle(.failure(.cancelled))
    }
    try result.get()
    underWay.removeFirst()
  }
}
