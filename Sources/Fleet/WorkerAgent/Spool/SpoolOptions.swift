import FleetAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where a worker keeps what the registry cannot take yet, and how much of it.
package struct SpoolOptions: Sendable {
  /// An absolute path; made, for nobody else to look into, when there is something to keep.
  package var directory: String
  /// Bytes on disk. Of these, history may have a quarter before it is thinned.
  package var maximumBytes: Int
  /// Bytes of history in memory while the disk takes none.
  package var memoryBytes: Int
  /// How long a trained model may take to get into the registry before its task is reported as waiting for it, and the worker
  /// is free. A registry that has been away for longer is not waited for at all.
  package var patience: Duration

  package static let defaultBytes = 1 << 30
  package static let defaultMemoryBytes = 8 << 20

  package init(
    directory: String, maximumBytes: Int = Self.defaultBytes, memoryBytes: Int = Self.defaultMemoryBytes,
    patience: Duration = .seconds(2)
  ) {
    self.directory = directory
    self.maximumBytes = maximumBytes
    self.memoryBytes = memoryBytes
    self.patience = patience
  }

  /// Bytes on disk that history may have.
  var historyBytes: Int { maximumBytes / 4 }

  /// A directory for one pod: workers that share a disk share no spool.
  /// - Parameter base: nil for one below the system's temporary directory.
  package static func directory(_ base: String?, podUID: String) -> String {
    let base = base ?? FileManager.default.temporaryDirectory.appending(path: "tensorfleet-spool").path
    let name = podUID.filter { $0.isLetter || $0.isNumber || $0 == "-" }
    return URL(filePath: base).absoluteURL.path + "/" + (name.isEmpty ? "worker" : name)
  }
}
