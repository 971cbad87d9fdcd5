#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a node keeps data sets that were fetched, and how much of them.
package struct DatasetCacheOptions: Sendable, Hashable {
  /// Shared by all processes of a node; made where it does not exist.
  package var directory: String
  /// The most bytes that it may hold.
  package var maximumBytes: Int

  package init(directory: String, maximumBytes: Int) {
    self.directory = directory
    self.maximumBytes = maximumBytes
  }

  /// As the environment says: the directory TENSORFLEET_REGISTRY_CACHE, or `registry` below TENSORFLEET_CACHE or below the
  /// user's cache folder; TENSORFLEET_REGISTRY_CACHE_BYTES, or 10 GiB.
  package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    func named(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    // In a container a user without a home has "/", where nothing can be written.
    let home = named("HOME").flatMap { $0 == "/" ? nil : $0 } ?? "/tmp"
    let caches = named("TENSORFLEET_CACHE") ?? (named("XDG_CACHE_HOME") ?? "\(home)/.cache") + "/tensorfleet"
    let bytes = named("TENSORFLEET_REGISTRY_CACHE_BYTES").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    self.init(
      directory: named("TENSORFLEET_REGISTRY_CACHE") ?? "\(caches)/registry",
      maximumBytes: bytes ?? Self.usualBytes)
  }

  private static let usualBytes = 10 << 30
}
