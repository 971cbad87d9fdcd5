import Basics
import Logging
import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is being written to, or removed from, a bucket. Its document is there before the first byte and goes after the last, so
/// that a killed process leaves no byte that nobody knows of.
struct Upload: Sendable {
  let id: ObjectID
  /// The bucket, and the collection of those who refer to its files.
  let bucket: String
  let files: [BSON]
}

extension MongoRegistry {
  /// Announces files that are about to be written, or removed.
  func begin(_ bucket: String, files: [BSON]) async throws(RegistryError) -> Upload {
    let upload = Upload(id: ObjectID(), bucket: bucket, files: files)
    let document: BSONDocument = [
      "_id": .objectID(upload.id), "schema": .int(MongoSchema.version), "bucket": .string(bucket),
      "files": .array(files), "by": .string("\(ProcessInfo.processInfo.hostName) \(getpid())"), "since": .date(Date()),
    ]
    try await mapped("the list of uploads") { () async throws(MongoError) in
      try await collection(MongoSchema.uploads).insertOnce(document)
    }
    return upload
  }

  /// Says now and then that an upload goes on, until the result is cancelled: one of many hours is not left behind.
  /// - Parameter interval: seconds.
  func keepAlive(_ upload: Upload, every interval: Double = Self.leftoverAge / 24) -> Task<Void, Never> {
    Task {
      while (try? await Task.sleep(for: .seconds(interval))) != nil {
        _ = try? await collection(MongoSchema.uploads).update(
          ["_id": .objectID(upload.id)], ["$set": ["since": .date(Date())]])
      }
    }
  }

  /// Says that an upload is over. Where that cannot be said now, a sweep will find it so.
  func end(_ upload: Upload) async {
    _ = try? await collection(MongoSchema.uploads).delete(["_id": .objectID(upload.id)])
  }

  /// Removes files that nothing refers to, now or, where the server is not there, in a sweep.
  func discard(_ upload: Upload) async {
    do throws(MongoError) {
      for file in upload.files { try await bucket(upload.bucket).delete(file) }
      await end(upload)
    } catch {
      log.warning(
        "files that nothing refers to could not be removed; a later sweep will",
        metadata: ["files": "\(upload.files.count)", "why": "\(error)"])
    }
  }

  /// Keeps pieces of memory as files of a bucket.
  /// - Returns: their records, and the upload, which is to be ended once a document names them.
  func upload(
    _ files: [(name: String, data: Data)], to bucket: String, metadata: BSONDocument, _ what: String
  ) async throws(RegistryError) -> (files: [KeptFile], upload: Upload) {
    let ids = files.map { _ in BSON.objectID(ObjectID()) }
    let upload = try await begin(bucket, files: ids)
    var kept: [KeptFile] = []
    for (file, id) in zip(files, ids) {
      let data = file.data
      let sum = try await TransferThreads.run { () async throws(RegistryError) in SHA256.hex(of: data) }
      do {
        try await mapped(what) { () async throws(MongoError) in
          try await self.bucket(bucket).upload(
            id: id, filename: file.name, metadata: metadata, pieces: DataPieces(data))
        }
      } catch {
        if !error.leavesWriteInDoubt { await discard(upload) }
        throw error
      }
      kept.append(
        KeptFile(StoredFile(name: file.name, size: data.count, sha256: sum), file: id))
    }
    return (kept, upload)
  }

  /// The verified bytes of a record's file.
  func bytes(of file: KeptFile, in bucket: String, _ what: String) async throws(RegistryError) -> [UInt8] {
    let name = file.stored.name
    let found = try await mapped(what) { () async throws(MongoError) in try await self.bucket(bucket).file(file.file) }
    guard let found else { throw .damaged(what: what, detail: "\(name) is missing") }
    guard found.length == file.stored.size else {
      throw .damaged(what: what, detail: "\(name) has \(found.length) bytes, not \(file.stored.size)")
    }
    let bytes = try await mapped(what) { () async throws(MongoError) in try await self.bucket(bucket).read(found) }
    let sum = try await TransferThreads.run { () async throws(RegistryError) in SHA256.hex(of: bytes) }
    guard bytes.count == file.stored.size, sum == file.stored.sha256 else {
      throw .damaged(what: what, detail: "\(name) has another checksum than when it was written")
    }
    return bytes
  }

  /// Removes what processes that were killed left behind: files of uploads that began more than `age` seconds ago and that
  /// no document names.
  /// - Returns: how many files went.
  @discardableResult
  package func sweep(olderThan age: Double = Self.leftoverAge) async throws(RegistryError) -> Int {
    try await ready()
    let what = "the list of uploads"
    let limit = Date(timeIntervalSinceNow: -age)
    let found = try await mapped(what) { () async throws(MongoError) in
      try await collection(MongoSchema.uploads).find(["since": ["$lte": .date(limit)]], sort: ["since": 1], limit: 1000)
    }
    var removed = 0
    for document in found {
      let reader = try DocumentReader(document, what)
      let bucket = try reader.string("bucket")
      guard MongoSchema.buckets.contains(bucket) else { continue }
      for file in document["files"]?.arrayValue ?? [] {
        let isKept = try await mapped(what) { () async throws(MongoError) in
          try await collection(bucket).findOne(["files.file": file], projection: ["_id": 1]) != nil
        }
        if isKept { continue }
        try await mapped(what) { () async throws(MongoError) in try await self.bucket(bucket).delete(file) }
        removed += 1
      }
      try await mapped(what) { () async throws(MongoError) in
        try await collection(MongoSchema.uploads).delete(["_id": reader.document["_id"] ?? .null])
      }
    }
    return removed
  }
}
