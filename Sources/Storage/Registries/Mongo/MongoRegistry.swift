import Logging
import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A ``Registry`` in a MongoDB database, by ``MongoSchema``.
///
/// Each change becomes visible by the insert or update of one document, without transactions; bytes lie in GridFS before that. A
/// writer that is killed in between leaves files that no document names, which a later process removes.
package struct MongoRegistry: Sendable {
  let store: MongoStore
  /// Where whole data sets are brought to.
  package var cache = DatasetCacheOptions()
  package var client: MongoClient { store.client }
  /// What goes wrong beside what was asked for. Errors of the driver have no secrets in them.
  let log: Logger

  /// The database, where the URI names none.
  package static let defaultDatabase = "tensorfleet"
  /// Files that were begun this long ago and belong to nothing are nobody's any more, in seconds.
  package static let leftoverAge = 24 * 3600.0

  /// A registry with connections of its own. Nothing is connected to before the first call.
  package init(_ client: MongoClient, log: Logger = .silent) {
    store = MongoStore(client)
    self.log = log
  }

  /// The registry at this URI, with connections that the process shares.
  init(sharing uri: MongoURI, log: Logger) {
    store = MongoStore.shared(uri)
    self.log = log
  }

  package var location: String { client.uri.redacted }

  package func check() async throws(RegistryError) {
    try await ready()
    try await mapped("the database \(client.database)") { () async throws(MongoError) in try await client.ping() }
  }

  /// To be called before anything else: the schema is seen to at the first call of the process, and then, while others go on,
  /// what killed processes left.
  func ready() async throws(RegistryError) {
    guard try await store.schema.pass() else { return }
    Task(priority: .background) { [self] in
      do { try await sweep() } catch {
        log.warning(
          "what processes that were killed left behind could not be removed; a later process will",
          metadata: ["why": "\(error)"])
      }
    }
  }

  func collection(_ name: String) -> MongoCollection { client.collection(name) }
  func bucket(_ name: String) -> GridFSBucket { GridFSBucket(client, name) }

  /// Now, as a document keeps it.
  static func now() -> Date {
    Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1000).rounded() / 1000)
  }
}

extension Logger {
  /// Says nothing: commands whose output is for a terminal or a program.
  package static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}
