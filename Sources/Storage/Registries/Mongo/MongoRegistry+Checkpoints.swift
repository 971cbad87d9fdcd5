import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension MongoRegistry {
  private var checkpoints: MongoCollection { collection(MongoSchema.checkpoints) }

  package func saveCheckpoint(_ checkpoint: Checkpoint, keeping: Int) async throws(RegistryError) {
    try RegistryName.checked(checkpoint.run, "run")
    try await ready()
    let what = "a checkpoint of run \(checkpoint.run)"
    let (files, upload) = try await upload(
      [("checkpoint", checkpoint.data)], to: MongoSchema.checkpoints, metadata: ["run": .string(checkpoint.run)], what)
    let document: BSONDocument = [
      "schema": .int(MongoSchema.version), "run": .string(checkpoint.run),
      "fingerprint": .string(checkpoint.fingerprint), "attempt": .int(checkpoint.attempt),
      "epoch": .int(checkpoint.epoch), "step": .int(checkpoint.step), "created": .date(checkpoint.created),
      "files": .array(files.map { .document($0.document) }),
    ]
    do {
      let newest = try await mapped(what) { () async throws(MongoError) in
        try await checkpoints.findOne(
          ["run": .string(checkpoint.run)], sort: ["number": -1], projection: ["number": 1])
      }
      _ = try await insertNumbered(into: checkpoints, after: newest?["number"]?.intValue ?? 0, what) { number in
        document.merging(["number": .int(number)])
      }
    } catch {
      if !error.leavesWriteInDoubt { await discard(upload) }
      throw error
    }
    await end(upload)
    let surplus = try await mapped(what) { () async throws(MongoError) in
      try await checkpoints.find(
        ["run": .string(checkpoint.run)], sort: ["number": -1], projection: ["files": 1, "schema": 1],
        skip: max(1, keeping))
    }
    try await remove(surplus, what)
  }

  package func newestCheckpoint(run: String, fingerprint: String) async throws(RegistryError) -> Checkpoint? {
    try RegistryName.checked(run, "run")
    try await ready()
    let what = "a checkpoint of run \(run)"
    let found = try await mapped(what) { () async throws(MongoError) in
      try await checkpoints.find(
        ["run": .string(run), "fingerprint": .string(fingerprint)], sort: ["number": -1])
    }
    for document in found {
      do {
        return try await checkpoint(DocumentReader(document, what))
      } catch RegistryError.damaged {
        // Or another worker of the run, which keeps only the last ones, has just removed it.
        continue
      }
    }
    return nil
  }

  private func checkpoint(_ reader: DocumentReader) async throws(RegistryError) -> Checkpoint {
    guard let first = try reader.documents("files").first else {
      throw .damaged(what: reader.what, detail: "its record names no file")
    }
    let bytes = try await bytes(of: KeptFile(first), in: MongoSchema.checkpoints, reader.what)
    return Checkpoint(
      run: try reader.string("run"), fingerprint: try reader.string("fingerprint"), attempt: try reader.int("attempt"),
      epoch: try reader.int("epoch"), step: try reader.int("step"), created: try reader.date("created"),
      data: Data(bytes))
  }

  package func deleteCheckpoints(run: String) async throws(RegistryError) {
    try RegistryName.checked(run, "run")
    try await ready()
    let what = "the checkpoints of run \(run)"
    let found = try await mapped(what) { () async throws(MongoError) in
      try await checkpoints.find(["run": .string(run)], projection: ["files": 1, "schema": 1])
    }
    try await remove(found, what)
  }

  /// Removes checkpoints: first the documents, which readers go by.
  private func remove(_ documents: [BSONDocument], _ what: String) async throws(RegistryError) {
    if documents.isEmpty { return }
    let files = documents.flatMap { document in
      document["files"]?.arrayValue?.compactMap { $0.documentValue?["file"] } ?? []
    }
    let upload = try await begin(MongoSchema.checkpoints, files: files)
    try await mapped(what) { () async throws(MongoError) in
      try await checkpoints.delete(["_id": ["$in": .array(documents.compactMap { $0["_id"] })]])
    }
    await discard(upload)
  }
}
