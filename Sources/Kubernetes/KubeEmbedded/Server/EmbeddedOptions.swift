import Basics
import KubeTypes

extension EmbeddedAPIServer {
  /// How the server keeps, times and numbers things. The defaults suit a program that runs by the wall clock.
  public struct Options: Sendable {
    /// Past events kept a resource; a watch or page token from before them gets 410.
    public var historyLimit = 4096
    /// Events a watcher may lag behind before its watch is closed.
    public var watchBufferLimit = 8192
    /// The time between two bookmarks of a watch that allows them; nil sends periodic ones only by ``EmbeddedAPIServer/sendBookmarks()``.
    public var bookmarkInterval: Duration? = .seconds(60)
    /// The form in which a watch from a forgotten version is refused.
    public var expiredWatch = ExpiredWatch.errorEvent
    /// Whether objects without a living owner are collected.
    public var collectsGarbage = true
    /// The time of day for timestamps.
    public var now: @Sendable () -> Timestamp = { .now }
    /// Waits for bookmarks, watch timeouts and injected delays.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Where the server's own tasks run, such as the ends of watches; nil is Swift's own pool.
    public var executor: (any TaskExecutor)?
    /// Makes UIDs and generated names reproducible; nil takes the system's randomness.
    public var seed: UInt64?

    /// The defaults, to be changed member by member.
    public init() {}
  }

  /// Real servers answer either way, so clients must understand both.
  public enum ExpiredWatch: Sendable {
    /// HTTP 200 and one ERROR event of code 410.
    case errorEvent
    /// HTTP 410.
    case httpStatus
  }

  /// What a fault-injecting test wants done with one request.
  public enum Interception: Sendable {
    case proceed
    /// Answered with this failure; nothing is written.
    case refuse(Status)
    /// Served after a pause.
    case delay(Duration)
    /// The exchange breaks before the server does anything.
    case breakBefore(APITransportError)
    /// The server does all it should, writes included, and the answer is lost: what a caller that dies after its write sees.
    case loseAnswer(APITransportError)
    /// A read is served as of an older resource version, as a lagging cache would; writes proceed.
    case stale(resourceVersion: Int64)
  }
}
