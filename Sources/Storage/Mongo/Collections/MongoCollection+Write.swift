import CMongoC

/// What became of documents that were inserted together.
package struct InsertOutcome: Sendable, Hashable {
  package var inserted = 0
  /// The indexes of those that a unique index has already.
  package var duplicates: [Int] = []

  package init(inserted: Int = 0, duplicates: [Int] = []) {
    self.inserted = inserted
    self.duplicates = duplicates
  }
}

/// What an update did.
package struct UpdateCounts: Sendable, Hashable {
  package var matched = 0
  package var modified = 0
  /// The identifier of the document that was made, where none matched.
  package var upserted: BSON?

  package init(matched: Int = 0, modified: Int = 0, upserted: BSON? = nil) {
    self.matched = matched
    self.modified = modified
    self.upserted = upserted
  }
}

extension MongoCollection {
  package func insert(_ document: BSONDocument) async throws(MongoError) {
    _ = try await insert(many: [document])
  }

  /// Inserts documents.
  /// - Parameters:
  ///   - ordered: whether the first that fails ends it; else all others are inserted.
  ///   - toleratingDuplicates: whether those that a unique index has already are told, not thrown.
  package func insert(
    many documents: [BSONDocument], ordered: Bool = true, toleratingDuplicates: Bool = false
  ) async throws(MongoError) -> InsertOutcome {
    try await insert(BSONBatch(documents), ordered: ordered, toleratingDuplicates: toleratingDuplicates)
  }

  func insert(
    _ batch: BSONBatch, ordered: Bool = true, toleratingDuplicates: Bool = false
  ) async throws(MongoError) -> InsertOutcome {
    if batch.count == 0 { return InsertOutcome() }
    let options: BSONDocument = ["ordered": .bool(ordered)]
    return try await call { call, collection throws(MongoError) in
      try NativeBSON.with(batch) { documents, count throws(MongoError) in
        try NativeBSON.with(options) { options throws(MongoError) in
          var error = bson_error_t()
          let (succeeded, reply) = try NativeBSON.reply { reply throws(MongoError) in
            mongoc_collection_insert_many(collection, documents, count, options, reply, &error)
          }
          let outcome = Self.outcome(reply)
          let isComplete = outcome.inserted + outcome.duplicates.count == count
          if succeeded || toleratingDuplicates && isComplete && !outcome.duplicates.isEmpty { return outcome }
          throw call.failure(error, reply)
        }
      }
    }
  }

  private static func outcome(_ reply: BSONDocument) -> InsertOutcome {
    var outcome = InsertOutcome(inserted: reply["insertedCount"]?.intValue ?? 0)
    // A write that a majority has not confirmed is not done: none of these errors is one to be told as a duplicate.
    guard reply["writeConcernErrors"]?.arrayValue?.isEmpty ?? true else { return outcome }
    for error in reply["writeErrors"]?.arrayValue ?? [] {
      guard let error = error.documentValue, error["code"]?.intValue == 11000, let index = error["index"]?.intValue
      else {
        continue
      }
      outcome.duplicates.append(index)
    }
    return outcome
  }

  /// Changes documents that match by update operators such as `$set`.
  /// - Parameter many: all that match, not the first alone.
  @discardableResult
  package func update(
    _ filter: BSONDocument, _ update: BSONDocument, upsert: Bool = false, many: Bool = false
  ) async throws(MongoError) -> UpdateCounts {
    try await change(
      filter, update, upsert: upsert, with: many ? mongoc_collection_update_many : mongoc_collection_update_one)
  }

  /// Puts `document` in place of the first that matches.
  @discardableResult
  package func replace(
    _ filter: BSONDocument, _ document: BSONDocument, upsert: Bool = false
  ) async throws(MongoError) -> UpdateCounts {
    try await change(filter, document, upsert: upsert, with: mongoc_collection_replace_one)
  }

  private typealias Change =
    @Sendable (
      OpaquePointer?, OpaquePointer?, OpaquePointer?, OpaquePointer?,
      OpaquePointer?, UnsafeMutablePointer<bson_error_t>?
    ) -> Bool

  private func change(
    _ filter: BSONDocument, _ change: BSONDocument, upsert: Bool, with function: @escaping Change
  ) async throws(MongoError) -> UpdateCounts {
    let options: BSONDocument = ["upsert": .bool(upsert)]
    let reply = try await call { call, collection throws(MongoError) in
      try NativeBSON.with(filter) { filter throws(MongoError) in
        try NativeBSON.with(change) { change throws(MongoError) in
          try NativeBSON.with(options) { options throws(MongoError) in
            try call.reply { reply, error in function(collection, filter, change, options, reply, error) }
          }
        }
      }
    }
    return UpdateCounts(
      matched: reply["matchedCount"]?.intValue ?? 0, modified: reply["modifiedCount"]?.intValue ?? 0,
      upserted: reply["upsertedId"])
  }

  /// Removes the first document that matches, or all.
  /// - Returns: how many there were.
  @discardableResult
  package func delete(_ filter: BSONDocument, many: Bool = true) async throws(MongoError) -> Int {
    let reply = try await call { call, collection throws(MongoError) in
      try NativeBSON.with(filter) { filter throws(MongoError) in
        try call.reply { reply, error in
          many
            ? mongoc_collection_delete_many(collection, filter, nil, reply, error)
            : mongoc_collection_delete_one(collection, filter, nil, reply, error)
        }
      }
    }
    return reply["deletedCount"]?.intValue ?? 0
  }

  /// Changes one document and gives it, in one step.
  /// - Parameters:
  ///   - update: update operators, or a whole document; nil removes it.
  ///   - returnsNew: whether the document is given as it is then, not as it was.
  /// - Returns: nil where none matched, or with `upsert` none did before.
  package func findAndModify(
    _ filter: BSONDocument, _ update: BSONDocument?, sort: BSONDocument = [:], upsert: Bool = false,
    returnsNew: Bool = false
  ) async throws(MongoError) -> BSONDocument? {
    var command: BSONDocument = ["findAndModify": .string(name), "query": .document(filter)]
    if !sort.isEmpty { command["sort"] = .document(sort) }
    if let update {
      command["update"] = .document(update)
      command["upsert"] = .bool(upsert)
      command["new"] = .bool(returnsNew)
    } else {
      command["remove"] = true
    }
    command["maxTimeMS"] = limit
    return try await client.command(command, isWrite: true)["value"]?.documentValue
  }
}
