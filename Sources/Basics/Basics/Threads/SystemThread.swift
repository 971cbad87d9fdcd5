#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A thread of the system's, for what computes or blocks for long: Swift's own few threads are not there for that.
public enum SystemThread {
  /// The system had no thread to give: most often a limit on processes.
  public struct StartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's error number.
    public let code: Int32
    /// The system's words for it.
    public var description: String { String(cString: strerror(code)) }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` on a thread of its own, which ends with it.
  /// - Throws: where the system has no thread to give.
  public static func start(_ body: @escaping @Sendable () -> Void) throws(StartError) {
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
      throw StartError(code: code)
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
