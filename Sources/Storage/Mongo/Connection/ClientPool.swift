import Basics
import CMongoC
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Something of the C driver's.
///
/// @unchecked: the driver says of each of these who may use it, which is the pool by anyone and a client by one thread at a time; a
/// ``Lease`` sees to that.
struct NativeHandle: @unchecked Sendable {
  let pointer: OpaquePointer
}

/// The driver's pool of clients, each with its connections, which is made at its first use: for a `mongodb+srv` URI already
/// that asks the DNS.
final class ClientPool: Sendable {
  let uri: MongoURI
  let options: MongoOptions
  let mapping: ErrorMapping
  private let native = Mutex<NativeHandle?>(nil)
  private let threads = BlockingThreads()
  private let permits: Permits

  init(_ uri: MongoURI, _ options: MongoOptions) {
    self.uri = uri
    self.options = options
    permits = Permits(uri.maxPoolSize ?? options.maxPoolSize)
    mapping = ErrorMapping(
      scrubber: Scrubber(uri.secrets), advice: SelectionAdvice(hosts: uri.hosts, usesTLS: uri.usesTLS))
  }

  deinit {
    guard let native = native.withLock({ $0 }) else { return }
    // It waits for the driver's own threads to end.
    let destroy: @Sendable () -> Void = { mongoc_client_pool_destroy(native.pointer) }
    do throws(MongoError) { try threads.submit(destroy) } catch { destroy() }
  }

  /// A right to one client, once one is free.
  func lease() async throws(MongoError) -> Lease {
    try await permits.acquire(within: options.operationTimeout)
    return Lease(of: self)
  }

  /// Runs `work` on a thread where it may block. When the task is cancelled this throws at once, and the work ends
  /// by itself in the background.
  func run<T: Sendable>(_ work: @escaping @Sendable () throws(MongoError) -> T) async throws(MongoError) -> T {
    if Task.isCancelled { throw .cancelled }
    let reply = Promise<Result<T, MongoError>>()
    try threads.submit { reply.settle(Result(catching: work)) }
    return try await withTaskCancellationHandler {
      await reply.value
    } onCancel: {
      reply.settle(.failure(.cancelled))
    }.get()
  }

  /// Runs `work`, which nobody waits for, on a thread where it may block.
  func runDetached(_ work: @escaping @Sendable () -> Void) {
    do throws(MongoError) { try threads.submit(work) } catch { work() }
  }

  // MARK: For threads that may block

  /// One of the pool's clients. There is one for whoever has a permit.
  fileprivate func pop() throws(MongoError) -> NativeHandle {
    let pool = try native.withLock { native throws(MongoError) in
      if let native { return native }
      let made = try make()
      native = made
      return made
    }
    guard let client = mongoc_client_pool_pop(pool.pointer) else {
      throw MongoError(.timeout, "the pool has no connection to MongoDB to give")
    }
    return NativeHandle(pointer: client)
  }

  fileprivate func push(_ client: NativeHandle?) {
    if let client, let pool = native.withLock({ $0 }) { mongoc_client_pool_push(pool.pointer, client.pointer) }
    permits.release()
  }

  private func make() throws(MongoError) -> NativeHandle {
    for (option, path) in uri.files where access(path, R_OK) != 0 {
      throw MongoError(.tls, "\(option) \(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    let text = try uri.native(options)
    defer { mongoc_uri_destroy(text) }
    var error = bson_error_t()
    guard let pool = mongoc_client_pool_new_with_error(text, &error) else {
      let native = NativeError(error)
      if uri.isService { throw mapping.advice.recordsError(mapping.scrubber.scrub(native.message)) }
      throw mapping.error(native)
    }
    mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2)
    return NativeHandle(pointer: pool)
  }
}

/// The right to one of a pool's clients. It ends, and the client goes back, with ``end()`` or when nobody holds it any more.
final class Lease: Sendable {
  private struct State {
    var client: NativeHandle?
    var hasEnded = false
  }
  private let pool: ClientPool
  private let state = Mutex(State())

  fileprivate init(of pool: ClientPool) { self.pool = pool }

  deinit { end() }

  /// The client, for one thread that may block.
  func client() throws(MongoError) -> OpaquePointer {
    try state.withLock { state throws(MongoError) in
      if let client = state.client { return client }
      let client = try pool.pop()
      state.client = client
      return client
    }.pointer
  }

  func end() {
    let (client, endsNow) = state.withLock { state -> (NativeHandle?, Bool) in
      defer {
        state.client = nil
        state.hasEnded = true
      }
      return (state.client, !state.hasEnded)
    }
    if endsNow { pool.push(client) }
  }
}
