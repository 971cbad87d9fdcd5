import CMongoC

/// One collection of a client's database.
package struct MongoCollection: Sendable {
  package let client: MongoClient
  package let name: String

  /// Runs `work` with the driver's handle of this collection, on a thread where it may block.
  func call<T: Sendable>(
    _ work: @escaping @Sendable (NativeCall, OpaquePointer) throws(MongoError) -> T
  ) async throws(MongoError) -> T {
    try await client.call { [name] call throws(MongoError) in
      try call.withCollection(name) { collection throws(MongoError) in try work(call, collection) }
    }
  }

  /// How long the server may work on one command.
  var limit: BSON { .int64(Int64(client.options.operationTimeout.milliseconds)) }

  /// Removes the collection with its documents and indexes; one that does not exist is no error.
  package func drop() async throws(MongoError) {
    do { try await client.command(["drop": .string(name)], isWrite: true) } catch {
      // NamespaceNotFound, from servers before 7.0.
      if case .command(26, _) = error.kind { return }
      throw error
    }
  }
}
