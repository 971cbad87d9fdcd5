/// How sources are read and where they are kept.
package struct SourceOptions: Sendable {
  /// Shared by all processes of a node; made where it does not exist.
  package var cacheDirectory: String
  /// The most bytes the cache may hold.
  package var maximumCacheBytes: Int
  /// Whether `http://` to other machines is allowed. To this machine it always is.
  package var allowsPlainHTTP = false
  /// How long a connection may take to come about.
  package var connectTimeout = Duration.seconds(20)
  /// How long nothing at all may come; whole seconds.
  package var stallTimeout = Duration.seconds(60)
  /// Attempts without getting on before a download fails.
  package var attempts = 6
  /// The longest wait after the first failure; it doubles with each.
  package var backoff = Duration.milliseconds(500)
  package var longestBackoff = Duration.seconds(30)
  /// Where S3's endpoint, region and credentials are looked up.
  package var environment: [String: String]

  package init(cacheDirectory: String, maximumCacheBytes: Int, environment: [String: String]) {
    self.cacheDirectory = cacheDirectory
    self.maximumCacheBytes = maximumCacheBytes
    self.environment = environment
  }

  /// The cache of the user: `data` below TENSORFLEET_CACHE, or below the user's cache folder.
  package init(environment: [String: String]) {
    func named(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    // In a container a user without a home has "/", where nothing can be written.
    let home = named("HOME").flatMap { $0 == "/" ? nil : $0 } ?? "/tmp"
    let cache =
      named("TENSORFLEET_CACHE") ?? (named("XDG_CACHE_HOME") ?? "\(home)/.cache") + "/tensorfleet"
    self.init(cacheDirectory: cache + "/data", maximumCacheBytes: Self.usualCacheBytes, environment: environment)
  }

  private static let usualCacheBytes = 20 << 30

  /// Whether `uri` names data of another machine.
  package static func isRemote(_ uri: String) -> Bool {
    ["https://", "http://", "s3://"].contains { uri.lowercased().hasPrefix($0) }
  }
}

/// How far a download is.
package struct DownloadProgress: Sendable, Equatable {
  /// Bytes there, those of earlier attempts included.
  package var bytes: Int
  /// All bytes; nil where the server does not tell.
  package var total: Int?
}
