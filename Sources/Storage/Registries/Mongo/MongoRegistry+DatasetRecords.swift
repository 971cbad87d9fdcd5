import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The records of data sets. Their bytes are the business of the extension that puts and reads them.
extension MongoRegistry {
  private var datasets: MongoCollection { collection(MongoSchema.datasets) }

  // MARK: Finding

  package func dataset(_ name: String, version: String?) async throws(RegistryError) -> DatasetRecord {
    try await datasetDocument(name, version).record
  }

  /// A version's record and where its bytes are; nil takes the newest. The first digits of a version do where no other has them.
  func datasetDocument(_ name: String, _ version: String?) async throws(RegistryError) -> DatasetDocument {
    try RegistryName.checked(name, "data set name")
    if let version { try RegistryName.checked(version, "data set version") }
    try await ready()
    guard let version else {
      guard let newest = try await documents(of: name, limit: 1).first else { throw try await unknown(name) }
      return newest
    }
    if let found = try await exactDatasetDocument(name, version) { return found }
    let matches = try await documents(of: name).filter { $0.record.version.hasPrefix(version) }
    guard matches.count == 1, let match = matches.first else {
      throw .notFound(kind: "data set", name: "\(name) version \(version)", known: [])
    }
    return match
  }

  /// The version of just this name; nil where there is none.
  func exactDatasetDocument(_ name: String, _ version: String) async throws(RegistryError) -> DatasetDocument? {
    let found = try await mapped("data set \(name)") { () async throws(MongoError) in
      try await datasets.findOne(["name": .string(name), "version": .string(version)])
    }
    return try found.map { document throws(RegistryError) in try DatasetDocument(document) }
  }

  /// A data set's versions, the newest first.
  private func documents(of name: String, limit: Int = 0) async throws(RegistryError) -> [DatasetDocument] {
    let found = try await mapped("data set \(name)") { () async throws(MongoError) in
      try await datasets.find(["name": .string(name)], sort: ["order": -1], limit: limit)
    }
    return try found.map { document throws(RegistryError) in try DatasetDocument(document) }
  }

  private func unknown(_ name: String) async throws(RegistryError) -> RegistryError {
    let names = try await mapped("the list of data sets") { () async throws(MongoError) in
      try await datasets.distinct("name")
    }
    return .notFound(kind: "data set", name: name, known: names.compactMap(\.stringValue).sorted())
  }

  package func datasetVersions(_ name: String) async throws(RegistryError) -> [DatasetRecord] {
    try RegistryName.checked(name, "data set name")
    try await ready()
    let found = try await documents(of: name)
    if found.isEmpty { throw try await unknown(name) }
    return found.map(\.record)
  }

  package func listDatasets(_ query: DatasetQuery) async throws(RegistryError) -> Page<DatasetRecord> {
    try await ready()
    // The newest of each is chosen here: there are few data sets, and their versions are small documents.
    let found = try await mapped("the list of data sets") { () async throws(MongoError) in
      try await datasets.find([:], sort: ["name": 1, "order": -1])
    }
    var newest: [DatasetRecord] = []
    for document in found where document["name"]?.stringValue != newest.last?.name {
      newest.append(try DatasetDocument(document).record)
    }
    return query.page(of: newest)
  }

  // MARK: Changing

  /// Makes a version visible and the newest of its data set, once its bytes are in GridFS. A version that is there already
  /// keeps its files, and takes the summary of this one where it has one.
  /// - Returns: the record that is there then, and whether its files are those given; if not, they are to be discarded.
  func keep(
    _ record: DatasetRecord, files: [KeptFile]
  ) async throws(RegistryError) -> (record: DatasetRecord, usesFiles: Bool) {
    let what = "data set \(record.name)"
    var document = DatasetDocument(record, files: files)
    let id = BSON.objectID(ObjectID())
    for _ in 0..<100 {
      if let known = try await renew(record, what) { return (known, false) }
      document.order = try await lastOrder(of: record.name, what) + 1
      let fields = BSONDocument([("_id", id)]).merging(try document.document())
      do throws(MongoError) {
        try await datasets.insertOnce(fields)
        return (record, true)
      } catch {
        // Somebody else has put this version, or another one at the same time.
        if !error.isDuplicateKey { throw RegistryError(error, what) }
      }
    }
    throw .unavailable(detail: "\(what) is changed all the time")
  }

  /// Makes a version that is there the newest; nil where it is not there.
  /// - Parameter record: its summary is taken over where it has one.
  func renew(_ record: DatasetRecord, _ what: String) async throws(RegistryError) -> DatasetRecord? {
    for _ in 0..<100 {
      guard var known = try await exactDatasetDocument(record.name, record.version) else { return nil }
      known.record.summary = record.summary ?? known.record.summary
      var change = BSONDocument()
      let last = try await lastOrder(of: record.name, what)
      if known.order < last { change["order"] = .int(last + 1) }
      if let summary = record.summary { change["summary"] = try DatasetDocument.summary(summary) }
      if change.isEmpty { return known.record }
      let update: BSONDocument = ["$set": .document(change)]
      do throws(MongoError) {
        let counts = try await datasets.update(
          ["name": .string(record.name), "version": .string(record.version)], update)
        if counts.matched > 0 { return known.record }
      } catch {
        if !error.isDuplicateKey { throw RegistryError(error, what) }
      }
    }
    throw .unavailable(detail: "\(what) is changed all the time")
  }

  /// Gives a version other files in place of those it has, which are to be discarded then.
  /// - Returns: false where it is not there any more with the files that it had.
  func replace(_ document: DatasetDocument, files: [KeptFile]) async throws(RegistryError) -> Bool {
    func fields(_ files: [KeptFile]) -> BSON { .array(files.map { .document($0.document) }) }
    let counts = try await mapped("data set \(document.record.name)") { () async throws(MongoError) in
      try await datasets.update(
        [
          "name": .string(document.record.name), "version": .string(document.record.version),
          "files.file": ["$in": .array(document.files.map(\.file))],
        ], ["$set": ["files": fields(files)]])
    }
    return counts.matched > 0
  }

  private func lastOrder(of name: String, _ what: String) async throws(RegistryError) -> Int {
    let newest = try await mapped(what) { () async throws(MongoError) in
      try await datasets.findOne(["name": .string(name)], sort: ["order": -1], projection: ["order": 1])
    }
    return newest?["order"]?.intValue ?? 0
  }

  package func deleteDataset(_ name: String, version: String?) async throws(RegistryError) {
    try RegistryName.checked(name, "data set name")
    if let version { try RegistryName.checked(version, "data set version") }
    try await ready()
    let what = "data set \(name)"
    var filter: BSONDocument = ["name": .string(name)]
    if let version {
      // The first digits do here too; a record that cannot be read goes by its whole version.
      let whole = try? await datasetDocument(name, version).record.version
      filter["version"] = .string(whole ?? version)
    }
    let found = try await mapped(what) { () async throws(MongoError) in
      try await datasets.find(filter, projection: ["files": 1])
    }
    if found.isEmpty { return }
    let files = found.flatMap { document in
      document["files"]?.arrayValue?.compactMap { $0.documentValue?["file"] } ?? []
    }
    let upload = try await begin(MongoSchema.datasets, files: files)
    try await mapped(what) { () async throws(MongoError) in
      try await datasets.delete(["_id": ["$in": .array(found.compactMap { $0["_id"] })]])
    }
    await discard(upload)
  }
}
