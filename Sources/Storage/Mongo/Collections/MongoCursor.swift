import CMongoC
import Synchronization

/// Documents that come from the server in batches, as they are asked for. It keeps a connection of the pool until its end, or
/// until nobody holds it any more.
package final class MongoCursor: Sendable {
  /// Begins the query. The driver sends it with the first document that is asked for.
  typealias Open = @Sendable (NativeCall) throws(MongoError) -> NativeHandle

  private struct State {
    var cursor: NativeHandle?
    var isOver = false
  }
  private let pool: ClientPool
  private let lease: Lease
  private let open: Open
  /// Held while the driver works, by threads that may block.
  private let state = Mutex(State())

  init(_ pool: ClientPool, _ lease: Lease, _ open: @escaping Open) {
    self.pool = pool
    self.lease = lease
    self.open = open
  }

  deinit {
    // An open cursor is closed on the server, for which its connection is needed.
    guard let cursor = state.withLock({ $0.cursor }) else { return }
    pool.runDetached { [lease] in
      mongoc_cursor_destroy(cursor.pointer)
      lease.end()
    }
  }

  /// Up to `count` further documents; fewer only at the end, none behind it.
  package func next(_ count: Int) async throws(MongoError) -> [BSONDocument] {
    try await next(count) { native throws(MongoError) in try NativeBSON.document(native) }
  }

  /// Up to `count` further documents, each as `decode` reads it where it lies.
  func next<T: Sendable>(
    _ count: Int, _ decode: @escaping @Sendable (OpaquePointer) throws(MongoError) -> T
  ) async throws(MongoError) -> [T] {
    try await pool.run { [self] () throws(MongoError) in
      try state.withLock { state throws(MongoError) in try fetch(count, &state, decode) }
    }
  }

  private func fetch<T: Sendable>(
    _ count: Int, _ state: inout State, _ decode: (OpaquePointer) throws(MongoError) -> T
  ) throws(MongoError) -> [T] {
    if state.isOver { return [] }
    let call = NativeCall(pool, try lease.client())
    let cursor = if let cursor = state.cursor { cursor } else { try open(call) }
    state.cursor = cursor
    var found: [T] = []
    var document: OpaquePointer?
    while found.count < count, mongoc_cursor_next(cursor.pointer, &document), let document {
      found.append(try decode(document))
    }
    if found.count < count {
      defer { close(&state) }
      var error = bson_error_t()
      var reply: OpaquePointer?
      if mongoc_cursor_error_document(cursor.pointer, &error, &reply) {
        throw call.failure(error, try reply.map { native throws(MongoError) in try NativeBSON.document(native) } ?? [:])
      }
    }
    return found
  }

  private func close(_ state: inout State) {
    if let cursor = state.cursor { mongoc_cursor_destroy(cursor.pointer) }
    state = State(cursor: nil, isOver: true)
    lease.end()
  }
}
