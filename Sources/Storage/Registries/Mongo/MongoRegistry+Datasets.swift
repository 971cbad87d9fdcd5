import Mongo

/// The bytes of data sets. Every version has GridFS files of its own, so that it can go without a look at the others.
extension MongoRegistry: Registry {
  private var files: DatasetFiles { DatasetFiles(bucket: bucket(MongoSchema.datasets), codec: store.codec) }

  // MARK: Putting

  /// Where there is a version with files of just these names and sizes, it is likely the same: then the files are hashed
  /// first, which takes a fraction of the time of sending them. Else they are read once, hashed, compressed and sent.
  package func putDataset(
    _ name: String, from path: String, summary: DatasetSummary?, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord {
    try RegistryName.checked(name, "data set name")
    try await ready()
    return try await TransferThreads.run { () async throws(RegistryError) in
      let sources = try DatasetSource.files(at: path)
      for source in sources { try RegistryName.checked(source.name, "data set file") }
      let meter = TransferMeter(total: DatasetSource.size(of: sources), progress)
      if let known = try await sameContents(name, path, sources) {
        return try await putAgain(known, sources, summary, meter)
      }
      let (kept, upload) = try await send(name, sources, meter)
      return try await publish(name, kept, upload, summary)
    }
  }

  /// The version that has the contents of these files.
  private func sameContents(
    _ name: String, _ path: String, _ sources: [(name: String, path: String)]
  ) async throws(RegistryError) -> DatasetDocument? {
    let sizes = Dictionary(sources.map { ($0.name, DatasetSource.size(of: [$0])) }) { first, _ in first }
    let versions: [DatasetRecord]
    do { versions = try await datasetVersions(name) } catch {
      if case .notFound = error { return nil }
      throw error
    }
    let isLikely = versions.contains { version in
      version.files.count == sizes.count && version.files.allSatisfy { sizes[$0.name] == $0.size }
    }
    return isLikely ? try await exactDatasetDocument(name, contentVersion(of: path)) : nil
  }

  /// Makes a version that is there the newest. Where its bytes are no more what they were, they are sent anew.
  private func putAgain(
    _ known: DatasetDocument, _ sources: [(name: String, path: String)], _ summary: DatasetSummary?,
    _ meter: TransferMeter
  ) async throws(RegistryError) -> DatasetRecord {
    let name = known.record.name
    do {
      for file in known.files { try await files.reader(file, owner: name).verify() }
    } catch {
      guard case .damaged = error else { throw error }
      let (kept, upload) = try await send(name, sources, meter)
      if DatasetRecord.version(of: kept.map(\.stored)) == known.record.version,
        try await replace(known, files: kept)
      {
        // The files that were replaced are those that go.
        await discard(try await begin(MongoSchema.datasets, files: known.files.map(\.file)))
        await end(upload)
        return try await renewed(known.record, summary)
      }
      return try await publish(name, kept, upload, summary)
    }
    meter.begin(known.files.last?.stored.name ?? "")
    meter.add(known.record.size)
    return try await renewed(known.record, summary)
  }

  private func renewed(
    _ record: DatasetRecord, _ summary: DatasetSummary?
  ) async throws(RegistryError) -> DatasetRecord {
    var record = record
    record.summary = summary
    let what = "data set \(record.name)"
    guard let renewed = try await renew(record, what) else {
      throw .unavailable(detail: "\(what) was deleted while it was put")
    }
    return renewed
  }

  private func send(
    _ name: String, _ sources: [(name: String, path: String)], _ meter: TransferMeter
  ) async throws(RegistryError) -> (files: [KeptFile], upload: Upload) {
    let ids = sources.map { _ in BSON.objectID(ObjectID()) }
    let upload = try await begin(MongoSchema.datasets, files: ids)
    let beat = keepAlive(upload)
    defer { beat.cancel() }
    var kept: [KeptFile] = []
    do {
      for (source, id) in zip(sources, ids) {
        meter.begin(source.name)
        kept.append(try await files.put(source.path, name: source.name, id: id, owner: name, meter))
      }
    } catch {
      // Chunks of no file too: its writer has not come to its end. Whoever is cancelled, or has just waited for a server that is
      // not there, does not wait once more.
      let cleaning = Task { await discard(upload) }
      if !error.leavesWriteInDoubt { await cleaning.value }
      throw error
    }
    return (kept, upload)
  }

  /// Makes what was sent visible: its document comes last.
  private func publish(
    _ name: String, _ kept: [KeptFile], _ upload: Upload, _ summary: DatasetSummary?
  ) async throws(RegistryError) -> DatasetRecord {
    let stored = kept.map(\.stored)
    let record = DatasetRecord(
      name: name, version: DatasetRecord.version(of: stored), files: stored, created: Self.now(), summary: summary)
    do {
      let outcome = try await keep(record, files: kept)
      if outcome.usesFiles { await end(upload) } else { await discard(upload) }
      return outcome.record
    } catch {
      if !error.leavesWriteInDoubt { await discard(upload) }
      throw error
    }
  }

  // MARK: Reading

  package func readDataset(
    _ name: String, version: String?, file: String?, range: Range<Int>
  ) async throws(RegistryError) -> [UInt8] {
    // Of a version that is named in full, every range but the first is read without a look at the record.
    let known = version.flatMap { store.readers.version(name, $0) }
    let document = if let known { known } else { try await datasetDocument(name, version) }
    let stored = try document.record.file(file)
    store.readers.keep(document)
    return try await TransferThreads.run { () async throws(RegistryError) in
      try await reading(document) { () async throws(RegistryError) in
        try await reader(document, stored).bytes(range)
      }
    }
  }

  package func openDataset(
    _ name: String, version: String?, progress: TransferProgress?
  ) async throws(RegistryError) -> LocalDataset {
    let document = try await datasetDocument(name, version)
    return try await TransferThreads.run { () async throws(RegistryError) in
      try await DatasetCache(cache).open(document.record) { target async throws(RegistryError) in
        try await bring(document, to: target, progress)
      }
    }
  }

  package func exportDataset(
    _ name: String, version: String?, to directory: String, progress: TransferProgress?
  ) async throws(RegistryError) -> DatasetRecord {
    let document = try await datasetDocument(name, version)
    return try await TransferThreads.run { () async throws(RegistryError) in
      try await bring(document, to: try ExportDirectory(directory), progress)
      return document.record
    }
  }

  /// Brings those files that are not there yet.
  private func bring(
    _ document: DatasetDocument, to target: ExportDirectory, _ progress: TransferProgress?
  ) async throws(RegistryError) {
    let meter = TransferMeter(total: document.record.size, progress)
    for kept in document.files {
      let file = kept.stored
      meter.begin(file.name)
      if try target.has(file) {
        meter.add(file.size)
        continue
      }
      try await reading(document) { () async throws(RegistryError) in
        let reader = try await reader(document, file)
        let part = try target.part(of: file)
        try await reader.copy(to: part, meter)
        try part.publish(as: target.path(of: file))
      }
      if file.size == 0 { meter.add(0) }
    }
  }

  private func reader(_ document: DatasetDocument, _ file: StoredFile) async throws(RegistryError) -> FrameReader {
    let name = document.record.name
    guard let kept = document.files.first(where: { $0.stored.name == file.name }) else {
      throw .damaged(what: "data set \(name)", detail: "\(file.name) is missing")
    }
    return try await store.readers.reader(of: kept.file) { () async throws(RegistryError) in
      try await files.reader(kept, owner: name)
    }
  }

  /// Reads bytes of a version. What looks like damage is none where the version was deleted, or mended, meanwhile.
  private func reading<T: Sendable>(
    _ document: DatasetDocument, _ body: () async throws(RegistryError) -> T
  ) async throws(RegistryError) -> T {
    do { return try await body() } catch {
      guard case .damaged = error else { throw error }
      store.readers.forget(document)
      let record = document.record
      guard let now = try await exactDatasetDocument(record.name, record.version) else {
        throw .notFound(kind: "data set", name: "\(record.name) version \(record.version)", known: [])
      }
      if now.files != document.files {
        throw .unavailable(detail: "data set \(record.name) was put anew while it was read")
      }
      throw error
    }
  }
}
