/// A MongoDB deployment, and one of its databases: a pool of connections that everything in the process shares.
///
/// Making one connects to nothing. Every call runs on a thread of the pool's own and has a time limit; when the Swift task is
/// cancelled it throws `cancelled` at once, while what was sent to the server may still happen. Writes are confirmed
/// by a majority of the servers and tried twice where the driver can tell that it does no harm, unless the URI says otherwise.
package final class MongoClient: Sendable {
  private let pool: ClientPool

  package init(_ uri: MongoURI, options: MongoOptions = MongoOptions()) {
    MongoLibrary.start
    pool = ClientPool(uri, options)
  }

  package var uri: MongoURI { pool.uri }
  package var options: MongoOptions { pool.options }
  /// The database that every call is for.
  package var database: String { pool.uri.database }

  package func collection(_ name: String) -> MongoCollection { MongoCollection(client: self, name: name) }

  /// Asks the server for a sign of life.
  package func ping() async throws(MongoError) { _ = try await command(["ping": 1]) }

  /// Runs a command on the database and gives the server's answer.
  /// - Parameter isWrite: whether it gets the write concern that writes get.
  @discardableResult
  package func command(_ command: BSONDocument, isWrite: Bool = false) async throws(MongoError) -> BSONDocument {
    try await call { call throws(MongoError) in try call.command(command, isWrite: isWrite) }
  }

  /// Removes the database with everything in it; one that does not exist is no error.
  package func dropDatabase() async throws(MongoError) { try await command(["dropDatabase": 1], isWrite: true) }

  /// Runs `work` with a client of the pool, on a thread where it may block.
  func call<T: Sendable>(
    _ work: @escaping @Sendable (NativeCall) throws(MongoError) -> T
  ) async throws(MongoError) -> T {
    let lease = try await pool.lease()
    return try await pool.run { [pool] () throws(MongoError) in
      // Before anyone hears of the outcome: who then makes the next call finds this connection free.
      defer { lease.end() }
      return try work(NativeCall(pool, lease.client()))
    }
  }

  /// A cursor of its own connection.
  func cursor(_ open: @escaping MongoCursor.Open) async throws(MongoError) -> MongoCursor {
    MongoCursor(pool, try await pool.lease(), open)
  }
}
