#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A thread of the system's.
enum SystemThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` on a thread of its own, which ends with it.
  /// - Throws: where the system has no thread to give.
  static func start(_ body: @escaping @Sendable () -> Void) throws(MongoError) {
    let context = Unmanaged.passRetained(Body(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = pthread_create(&thread, nil, { Self.enter($0) }, context)
    #else
      var thread = pthread_t()
      let code = pthread_create(&thread, nil, { Self.enter($0) }, context)
    #endif
    guard code == 0 else {
      Unmanaged<Body>.fromOpaque(context).release()
      throw MongoError(.transient(code: Int(code)), "no thread for MongoDB: \(String(cString: strerror(code)))")
    }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  private static func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }
}
