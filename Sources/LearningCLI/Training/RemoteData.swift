import DataSources
import Foundation

/// Data that lies elsewhere, `https://` and `s3://`, brought into the cache of this machine.
enum RemoteData {
  /// Whether `uri` is not a file of this machine.
  static func isRemote(_ uri: String) -> Bool {
    ["https://", "http://", "s3://"].contains { uri.lowercased().hasPrefix($0) }
  }

  /// The file's copy, verified where the URI ends in `#sha256=…`; it stays as long as the result is kept.
  /// - Throws: `CommandFailure`.
  static func fetch(_ uri: String, environment: [String: String]) async throws(CommandFailure) -> SourceFile {
    do throws(SourceError) {
      return try await DataSources(options(environment)).fetch(uri)
    } catch {
      throw error.retryable ? .work(error.message) : .input(error.message.replacing("dataset.uri", with: "--data"))
    }
  }

  /// Most bytes that the copies of all data sets take.
  private static let cacheBytes = 20 << 30

  private static func options(_ environment: [String: String]) -> SourceOptions {
    func named(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let cache =
      named("TENSORFLEET_CACHE")
      ?? (named("XDG_CACHE_HOME") ?? "\(environment["HOME"] ?? ".")/.cache") + "/tensorfleet"
    return SourceOptions(cacheDirectory: cache + "/data", maximumCacheBytes: cacheBytes, environment: environment)
  }
}
