import Basics
import Mongo

/// The files of data sets in GridFS: compressed in frames, with the frames' index beside them.
///
/// They are files to every GridFS tool too; what such a tool fetches, `zstd -d` decompresses.
struct DatasetFiles: Sendable {
  let bucket: GridFSBucket
  let codec: FrameCodec

  /// Bytes of a frame: the least that is fetched for a range. Larger ones shrink no better.
  static let frameSize = 1 << 20
  /// Bytes of a chunk: with the 255 KiB that are usual a range brings less that nobody asked for, and the server has
  /// twice the documents to handle.
  static let chunkSize = 512 << 10
  /// Frames that are compressed at once or wait to be sent.
  private static let width = 4

  /// Where a GridFS file's metadata has the index.
  private static let indexField = "frames"

  /// Keeps the file at `path`.
  /// - Parameters:
  ///   - id: of the GridFS file that is made.
  ///   - owner: the data set's name.
  func put(
    _ path: String, name: String, id: BSON, owner: String, _ meter: TransferMeter
  ) async throws(RegistryError) -> KeptFile {
    let what = "data set \(owner)"
    let writer = GridFSWriter(bucket, id: id, filename: "\(owner)/\(name).zst", chunkSize: Self.chunkSize)
    let pipeline = FramePipeline(codec: codec, frameSize: Self.frameSize, width: Self.width)
    let (file, index): (StoredFile, FrameIndex)
    do throws(RegistryError) {
      (file, index) = try await pipeline.run(path, name: name, meter) { frame async throws(RegistryError) in
        try await mapped(what) { () async throws(MongoError) in try await writer.write(frame) }
      }
    } catch {
      // Who is cancelled, or has just waited for a server that is not there, does not wait once more.
      let cleaning = Task { await writer.abort() }
      if !error.leavesWriteInDoubt { await cleaning.value }
      throw error
    }
    let metadata: BSONDocument = [
      "schema": .int(MongoSchema.version), "dataset": .string(owner), "file": .string(name),
      "size": .int(file.size), "sha256": .string(file.sha256), "compression": "zstd",
      Self.indexField: .binary(index.packed),
    ]
    try await mapped(what) { () async throws(MongoError) in _ = try await writer.finish(metadata: metadata) }
    return KeptFile(file, file: id, index: index.sha256)
  }

  /// What reads a file of a data set.
  /// - Throws: `damaged` where the file or its index is missing or not what the record says.
  func reader(_ kept: KeptFile, owner: String) async throws(RegistryError) -> FrameReader {
    let what = "data set \(owner)"
    let name = kept.stored.name
    let found = try await mapped(what) { () async throws(MongoError) in try await bucket.file(kept.file) }
    guard let file = found else { throw .damaged(what: what, detail: "\(name) is missing") }
    guard let packed = file.metadata[Self.indexField]?.binaryValue, let digest = kept.index else {
      throw .damaged(what: what, detail: "the index of \(name) is missing")
    }
    guard SHA256.hex(of: packed) == digest, let index = FrameIndex(packed: packed),
      index.rawSize == kept.stored.size
    else { throw .damaged(what: what, detail: "the index of \(name) is not what it was when it was written") }
    guard file.length == index.storedSize else {
      throw .damaged(
        what: what, detail: "\(name) has \(file.length) stored bytes, and its index is of \(index.storedSize)")
    }
    return FrameReader(index: index, codec: codec, what: what, name: name) { range async throws(RegistryError) in
      let bytes = try await mapped(what) { () async throws(MongoError) in try await bucket.read(file, range) }
      guard bytes.count == range.count else {
        throw .damaged(what: what, detail: "\(name) ends before its stored byte \(range.upperBound)")
      }
      return bytes
    }
  }
}
