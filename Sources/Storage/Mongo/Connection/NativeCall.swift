import CMongoC

/// One call into the C driver, on a thread that may block: what it needs, and what its failures mean.
struct NativeCall {
  let client: OpaquePointer
  let database: String
  let mapping: ErrorMapping
  /// nil where connections may be silent for ever.
  private let socketTimeout: Duration?
  private let begin = ContinuousClock.now

  init(_ pool: ClientPool, _ client: OpaquePointer) {
    self.client = client
    database = pool.uri.database
    mapping = pool.mapping
    let milliseconds = mongoc_uri_get_option_as_int32(
      mongoc_client_get_uri(client), MONGOC_URI_SOCKETTIMEOUTMS, pool.options.socketTimeout.milliseconds)
    socketTimeout = milliseconds > 0 ? .milliseconds(Int(milliseconds)) : nil
  }

  func failure(_ error: bson_error_t, _ reply: BSONDocument = [:]) -> MongoError {
    // A little less than the limit: the driver rounds.
    let timedOut = socketTimeout.map { ContinuousClock.now - begin >= $0 * 0.9 } ?? false
    return mapping.error(NativeError(error, reply: reply), timedOut: timedOut)
  }

  /// Runs a call of the driver's that gives a reply, or an error with what there is of a reply.
  func reply(
    _ body: (OpaquePointer, UnsafeMutablePointer<bson_error_t>) throws(MongoError) -> Bool
  ) throws(MongoError) -> BSONDocument {
    var error = bson_error_t()
    let (succeeded, reply) = try NativeBSON.reply { reply throws(MongoError) in
      try withUnsafeMutablePointer(to: &error) { error throws(MongoError) in try body(reply, error) }
    }
    guard succeeded else { throw failure(error, reply) }
    return reply
  }

  func command(_ command: BSONDocument, isWrite: Bool) throws(MongoError) -> BSONDocument {
    try NativeBSON.with(command) { command throws(MongoError) in
      try reply { reply, error in
        isWrite
          ? mongoc_client_write_command_with_opts(client, database, command, nil, reply, error)
          : mongoc_client_read_command_with_opts(client, database, command, nil, nil, reply, error)
      }
    }
  }

  func withCollection<R>(_ name: String, _ body: (OpaquePointer) throws(MongoError) -> R) throws(MongoError) -> R {
    guard let collection = mongoc_client_get_collection(client, database, name) else {
      throw MongoError(.command(code: 73, name: "InvalidNamespace"), "\"\(name)\" cannot be a collection")
    }
    defer { mongoc_collection_destroy(collection) }
    return try body(collection)
  }
}
