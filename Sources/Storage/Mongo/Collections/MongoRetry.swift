import Basics

/// Trying again what may be done twice, where the connection broke or the server could not do it just then. The driver tries again
/// itself, but once, and only where the server says that it may. What has taken its full time already is not tried again.
package enum MongoRetry {
  private static let retries = 3

  /// - Parameter body: called with the number of the try, from 0.
  package static func run<T>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Int) async throws(MongoError) -> T
  ) async throws(MongoError) -> T {
    var attempt = 0
    while true {
      do throws(MongoError) { return try await body(attempt) } catch {
        switch error.kind {
        case .network, .transient: if attempt == retries { throw error }
        default: throw error
        }
      }
      attempt += 1
      // So that an election has a chance to end; a cancelled task is told so by its next call.
      try? await Task.sleep(for: .milliseconds(50 * attempt * attempt))
    }
  }
}

extension MongoCollection {
  /// Inserts a document that has its identifier, and again where it is not known whether it arrived: it is there once.
  package func insertOnce(_ document: BSONDocument) async throws(MongoError) {
    try await MongoRetry.run { attempt throws(MongoError) in
      do throws(MongoError) { try await insert(document) } catch {
        guard error.isDuplicateKey, attempt > 0, let id = document["_id"] else { throw error }
        // What is in the way may be what an earlier try has left.
        if try await findOne(["_id": id], projection: ["_id": 1]) == nil { throw error }
      }
    }
  }
}
