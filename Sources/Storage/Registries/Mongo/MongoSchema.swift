import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The collections of a registry's database, their indexes, and the version of all of it.
///
///     runs         one document a run, with what each attempt said
///     metrics      one a point of a run's history
///     models       one a version, deleted ones included; files in the bucket models
///     checkpoints  one a checkpoint; bytes in the bucket checkpoints
///     datasets     one a version; bytes in the bucket datasets
///     uploads      files that are being written, or removed: what a killed process leaves is found by it
///     schema       the version
enum MongoSchema {
  /// Of the database, and the newest that a document's `schema` may say.
  static let version = 1

  static let runs = "runs"
  static let metrics = "metrics"
  static let models = "models"
  static let checkpoints = "checkpoints"
  static let datasets = "datasets"
  static let uploads = "uploads"
  static let schema = "schema"

  /// The index that lets a run register one model of a specification under a name.
  static let oneModelARun = "one_model_a_run"

  static let indexes: [(collection: String, indexes: [MongoIndex])] = [
    (
      runs,
      [MongoIndex(["job": 1, "namespace": 1]), MongoIndex(["state": 1, "created": -1]), MongoIndex(["created": -1])]
    ),
    (metrics, [MongoIndex(["run": 1, "attempt": 1, "rank": 1, "epoch": 1, "step": 1], isUnique: true)]),
    (
      models,
      [
        MongoIndex(["name": 1, "number": -1], isUnique: true),
        MongoIndex(
          ["name": 1, "run": 1, "fingerprint": 1], name: oneModelARun, isUnique: true,
          partialFilter: ["live": ["$eq": true]]),
        MongoIndex(["algorithm": 1, "metrics.accuracy": -1]), MongoIndex(["created": -1]), MongoIndex(["tags": 1]),
        MongoIndex(["files.file": 1]),
      ]
    ),
    (
      checkpoints,
      [
        MongoIndex(["run": 1, "number": -1], isUnique: true), MongoIndex(["run": 1, "created": -1]),
        MongoIndex(["files.file": 1]),
      ]
    ),
    (
      datasets,
      [
        MongoIndex(["name": 1, "version": 1], isUnique: true), MongoIndex(["name": 1, "order": -1], isUnique: true),
        MongoIndex(["created": -1]), MongoIndex(["files.file": 1]),
      ]
    ),
    (uploads, [MongoIndex(["since": 1])]),
  ]

  static let buckets = [models, checkpoints, datasets]

  /// Sees to it that the database is of this version and has its indexes.
  /// - Throws: `newerSchema` where a newer TensorFleet has been at it; what MongoDB throws.
  static func prepare(_ client: MongoClient) async throws(RegistryError) {
    let what = "the database \(client.database)"
    try checkVersion(try await storedVersion(client, what), what)
    do {
      for (collection, indexes) in indexes {
        try await mapped(what) { () async throws(MongoError) in
          try await client.collection(collection).createIndexes(indexes)
        }
      }
      for bucket in buckets {
        try await mapped(what) { () async throws(MongoError) in
          try await GridFSBucket(client, bucket).createIndexes()
        }
      }
    } catch RegistryError.denied("RegistryAccessDenied", _) {
      // Whoever may only read makes no indexes: a writer has.
    }
  }

  /// The version that the database is of; where it has none yet, it is of this one from now on.
  private static func storedVersion(_ client: MongoClient, _ what: String) async throws(RegistryError) -> Int {
    let collection = client.collection(schema)
    for _ in 0..<3 {
      let found = try await mapped(what) { () async throws(MongoError) in
        try await collection.findOne(["_id": "tensorfleet"])
      }
      if let found {
        guard let version = found["version"]?.intValue else {
          throw .damaged(what: what, detail: "its schema document has no version")
        }
        return version
      }
      do throws(MongoError) {
        try await collection.insert([
          "_id": "tensorfleet", "version": .int(version), "schema": .int(version), "created": .date(Date()),
        ])
        return version
      } catch {
        // Another process was first; or it may only read, and there is nothing yet.
        if error.kind == .unauthorized { return version }
        if !error.isDuplicateKey { throw RegistryError(error, what) }
      }
    }
    throw .unavailable(detail: "the schema of \(what) comes and goes")
  }

  /// - Throws: `newerSchema`. An older version would be brought up to this one here; there is none yet.
  static func checkVersion(_ found: Int, _ what: String) throws(RegistryError) {
    if found > version { throw .newerSchema(what: what, version: found, known: version) }
  }
}
