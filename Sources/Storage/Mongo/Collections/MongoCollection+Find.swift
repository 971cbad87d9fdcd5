import CMongoC

extension MongoCollection {
  /// The documents that match, all at once.
  /// - Parameters:
  ///   - sort: fields with 1 or -1.
  ///   - projection: fields with 1 to have only these, or with 0 to have all but these.
  ///   - limit: 0 for no limit.
  package func find(
    _ filter: BSONDocument = [:], sort: BSONDocument = [:], projection: BSONDocument = [:], skip: Int = 0,
    limit: Int = 0
  ) async throws(MongoError) -> [BSONDocument] {
    let options = findOptions(sort: sort, projection: projection, skip: skip, limit: limit, batchSize: 0)
    return try await all { call, collection throws(MongoError) in
      try Self.open(collection, filter, options)
    }
  }

  package func findOne(
    _ filter: BSONDocument, sort: BSONDocument = [:], projection: BSONDocument = [:]
  ) async throws(MongoError) -> BSONDocument? {
    try await find(filter, sort: sort, projection: projection, limit: 1).first
  }

  /// A cursor over the documents that match.
  /// - Parameter batchSize: documents in one answer of the server; 0 leaves it to the server.
  package func cursor(
    _ filter: BSONDocument, sort: BSONDocument = [:], projection: BSONDocument = [:], skip: Int = 0, limit: Int = 0,
    batchSize: Int = 0
  ) async throws(MongoError) -> MongoCursor {
    let options = findOptions(sort: sort, projection: projection, skip: skip, limit: limit, batchSize: batchSize)
    return try await client.cursor { [name] call throws(MongoError) in
      try call.withCollection(name) { collection throws(MongoError) in try Self.open(collection, filter, options) }
    }
  }

  /// Calls `body` with each document that matches, in order. No more than two batches are in memory.
  package func forEach(
    _ filter: BSONDocument = [:], sort: BSONDocument = [:], projection: BSONDocument = [:], batchSize: Int = 500,
    _ body: (BSONDocument) async throws -> Void
  ) async throws {
    let cursor = try await cursor(filter, sort: sort, projection: projection, batchSize: batchSize)
    var batch = try await cursor.next(batchSize)
    while !batch.isEmpty {
      for document in batch { try await body(document) }
      batch = try await cursor.next(batchSize)
    }
  }

  /// How many documents match.
  package func count(_ filter: BSONDocument = [:]) async throws(MongoError) -> Int {
    let options: BSONDocument = ["maxTimeMS": limit]
    return try await call { call, collection throws(MongoError) in
      var error = bson_error_t()
      let count = try NativeBSON.with(filter) { filter throws(MongoError) in
        try NativeBSON.with(options) { options throws(MongoError) in
          try NativeBSON.reply { reply throws(MongoError) in
            mongoc_collection_count_documents(collection, filter, options, nil, reply, &error)
          }
        }
      }
      guard count.result >= 0 else { throw call.failure(error, count.reply) }
      return Int(count.result)
    }
  }

  /// The different values of a field, in no order.
  package func distinct(_ field: String, _ filter: BSONDocument = [:]) async throws(MongoError) -> [BSON] {
    let command: BSONDocument = [
      "distinct": .string(name), "key": .string(field), "query": .document(filter), "maxTimeMS": limit,
    ]
    return try await client.command(command)["values"]?.arrayValue ?? []
  }

  package func aggregate(_ pipeline: [BSONDocument]) async throws(MongoError) -> [BSONDocument] {
    let stages: BSONDocument = ["pipeline": .array(pipeline.map { .document($0) })]
    let options: BSONDocument = ["maxTimeMS": limit]
    return try await all { call, collection throws(MongoError) in
      try NativeBSON.with(stages) { stages throws(MongoError) in
        try NativeBSON.with(options) { options throws(MongoError) in
          try Self.handle(mongoc_collection_aggregate(collection, MONGOC_QUERY_NONE, stages, options, nil))
        }
      }
    }
  }

  // MARK: Cursors

  private func findOptions(
    sort: BSONDocument, projection: BSONDocument, skip: Int, limit: Int, batchSize: Int
  ) -> BSONDocument {
    var options: BSONDocument = ["maxTimeMS": self.limit]
    if !sort.isEmpty { options["sort"] = .document(sort) }
    if !projection.isEmpty { options["projection"] = .document(projection) }
    if skip > 0 { options["skip"] = .int(skip) }
    if limit > 0 { options["limit"] = .int(limit) }
    if batchSize > 0 { options["batchSize"] = .int32(Int32(clamping: batchSize)) }
    return options
  }

  private static func open(
    _ collection: OpaquePointer, _ filter: BSONDocument, _ options: BSONDocument
  ) throws(MongoError) -> NativeHandle {
    try NativeBSON.with(filter) { filter throws(MongoError) in
      try NativeBSON.with(options) { options throws(MongoError) in
        try handle(mongoc_collection_find_with_opts(collection, filter, options, nil))
      }
    }
  }

  private static func handle(_ cursor: OpaquePointer?) throws(MongoError) -> NativeHandle {
    guard let cursor else { throw MongoError(.command(code: 0, name: "driver"), "the driver opens no cursor") }
    return NativeHandle(pointer: cursor)
  }

  /// Every document of a cursor, in one go.
  private func all(
    _ open: @escaping @Sendable (NativeCall, OpaquePointer) throws(MongoError) -> NativeHandle
  ) async throws(MongoError) -> [BSONDocument] {
    try await call { call, collection throws(MongoError) in
      let cursor = try open(call, collection).pointer
      defer { mongoc_cursor_destroy(cursor) }
      var documents: [BSONDocument] = []
      var document: OpaquePointer?
      while mongoc_cursor_next(cursor, &document), let document { documents.append(try NativeBSON.document(document)) }
      var error = bson_error_t()
      var reply: OpaquePointer?
      if mongoc_cursor_error_document(cursor, &error, &reply) {
        throw call.failure(error, try reply.map { native throws(MongoError) in try NativeBSON.document(native) } ?? [:])
      }
      return documents
    }
  }
}
