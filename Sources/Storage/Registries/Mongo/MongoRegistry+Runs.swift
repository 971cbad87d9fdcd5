import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension MongoRegistry {
  private var runs: MongoCollection { collection(MongoSchema.runs) }
  private var metrics: MongoCollection { collection(MongoSchema.metrics) }

  package func putRun(_ run: RunRecord) async throws(RegistryError) {
    try RegistryName.checked(run.id, "run")
    let fields = try RunDocument.fields(of: run)
    try await ready()
    let attempt = BSONDocument([("attempts.\(run.attempt)", .document(fields))])
    var newest: BSONDocument = [
      "$set": .document(fields.merging(attempt).merging(["schema": .int(MongoSchema.version)]))
    ]
    let absent = RunDocument.optionalFields.filter { fields[$0] == nil }
    if !absent.isEmpty { newest["$unset"] = .document(BSONDocument(absent.map { ($0, "") })) }
    // The first update is for a report of the newest attempt, the second for one that comes late: of an attempt that another has
    // followed by now. Between the two another process may change which of them this report is; then both are tried again.
    for _ in 0..<10 {
      do throws(MongoError) {
        try await runs.update(["_id": .string(run.id), "attempt": ["$lte": .int(run.attempt)]], newest, upsert: true)
        return
      } catch { if !error.isDuplicateKey { throw RegistryError(error, "run \(run.id)") } }
      let late = try await mapped("run \(run.id)") { () async throws(MongoError) in
        try await runs.update(
          ["_id": .string(run.id), "attempt": ["$gt": .int(run.attempt)]], ["$set": .document(attempt)])
      }
      if late.matched > 0 { return }
    }
    throw .unavailable(detail: "the record of run \(run.id) comes and goes")
  }

  package func run(_ id: String) async throws(RegistryError) -> RunRecord {
    try RunDocument.run(id, try await runDocument(id))
  }

  package func runAttempts(_ id: String) async throws(RegistryError) -> [RunRecord] {
    let reader = try await runDocument(id)
    var attempts: [RunRecord] = []
    for attempt in reader.document["attempts"]?.documentValue?.fields ?? [] {
      guard let document = attempt.value.documentValue else {
        throw .damaged(what: reader.what, detail: "its record has no usable attempts")
      }
      attempts.append(try RunDocument.run(id, DocumentReader(document, reader.what)))
    }
    return attempts.sorted { $0.attempt < $1.attempt }
  }

  private func runDocument(_ id: String) async throws(RegistryError) -> DocumentReader {
    try RegistryName.checked(id, "run")
    try await ready()
    let found = try await mapped("run \(id)") { () async throws(MongoError) in
      try await runs.findOne(["_id": .string(id)])
    }
    guard let found else { throw .notFound(kind: "run", name: id, known: []) }
    return try DocumentReader(found, "run \(id)")
  }

  package func listRuns(_ query: RunQuery) async throws(RegistryError) -> Page<RunRecord> {
    try await ready()
    let list = MongoList(collection: runs, filter: MongoFilter.of(query), base: ["created": -1, "_id": 1])
    let key = query.order.flatMap { MongoList.Key($0, name: "job", size: nil) }
    let page = try await mapped("the list of runs") { () async throws(MongoError) in
      try await list.page(key, query.slice, without: ["attempts"])
    }
    return Page(
      items: try page.items.map { document throws(RegistryError) in
        let id = document["_id"]?.stringValue ?? "?"
        return try RunDocument.run(id, DocumentReader(document, "run \(id)"))
      }, total: page.total)
  }

  // MARK: History

  /// Points in one message: some hundred KiB.
  private static let batch = 1000

  package func appendHistory(_ points: [HistoryPoint], run: String) async throws(RegistryError) {
    try RegistryName.checked(run, "run")
    guard !points.isEmpty else { return }
    let documents = try points.map { point throws(RegistryError) in try PointDocument.document(of: point, run: run) }
    try await ready()
    for start in stride(from: 0, to: documents.count, by: Self.batch) {
      let batch = Array(documents[start..<min(start + Self.batch, documents.count)])
      _ = try await mapped("the history of run \(run)") { () async throws(MongoError) in
        try await metrics.insert(many: batch, ordered: false, toleratingDuplicates: true)
      }
    }
  }

  package func history(run: String) async throws(RegistryError) -> [HistoryPoint] {
    try RegistryName.checked(run, "run")
    try await ready()
    let found = try await mapped("the history of run \(run)") { () async throws(MongoError) in
      try await metrics.find(["run": .string(run)], sort: ["attempt": 1, "rank": 1, "epoch": 1, "step": 1])
    }
    return try found.map { document throws(RegistryError) in try PointDocument.point(document, run: run) }
  }

  package func deleteRun(_ id: String) async throws(RegistryError) {
    try RegistryName.checked(id, "run")
    try await ready()
    try await mapped("run \(id)") { () async throws(MongoError) in
      try await runs.delete(["_id": .string(id)])
      try await metrics.delete(["run": .string(id)])
    }
  }
}
