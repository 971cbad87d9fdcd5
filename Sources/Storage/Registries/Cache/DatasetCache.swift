#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Data sets that were fetched, in a directory that the processes of a node share, bounded in size: what was used longest ago
/// goes first, what is in use stays.
///
///     lock                 held for moments, while a data set is taken into use or others are removed: the two never cross
///     <version>/entry      its users hold it together, whoever removes the data set alone; as long as the data set is large, with
///                          no bytes in it, so that room counts as taken from the beginning; changed when it was last used
///     <version>/fetching   held while the data set is fetched: others wait, and then find it
///     <version>/files/     whole and verified files, and hidden ones that are under way (``ExportDirectory``)
///
/// A version is the hash of its contents, so whatever registries it comes from, it is the same. The kernel releases the locks of
/// a process that dies, and the next one goes on with what it had fetched.
struct DatasetCache: Sendable {
  private let directory: String
  private let limit: Int

  init(_ options: DatasetCacheOptions) {
    directory = options.directory
    limit = options.maximumBytes
  }

  private func home(_ version: String) -> String { "\(directory)/\(version)" }

  /// A verified copy of a data set.
  /// - Parameter fetch: brings the files that are not there to a directory.
  /// - Throws: `io` where there is no room; what `fetch` throws.
  func open(
    _ record: DatasetRecord, _ fetch: (ExportDirectory) async throws(RegistryError) -> Void
  ) async throws(RegistryError) -> LocalDataset {
    let home = home(record.version)
    let hold = try await takeIntoUse(record)
    let fetching = try await HeldFile.taking("\(home)/fetching", LOCK_EX)
    defer { withExtendedLifetime(fetching) {} }
    try await fetch(ExportDirectory("\(home)/files"))
    hold.touch()
    let path = record.files.count == 1 ? "\(home)/files/\(record.files[0].name)" : "\(home)/files"
    return LocalDataset(record: record, path: path, hold: hold)
  }

  /// Makes room for a data set that is not there, and sees to it that it stays while it is held.
  private func takeIntoUse(_ record: DatasetRecord) async throws(RegistryError) -> HeldFile {
    let home = home(record.version)
    _ = try ExportDirectory(directory)
    let lock = try await HeldFile.taking("\(directory)/lock", LOCK_EX)
    defer { withExtendedLifetime(lock) {} }
    try makeRoom(for: record)
    _ = try ExportDirectory(home)
    // Nobody has it alone: data sets are removed under the cache's lock only.
    guard let hold = try HeldFile.trying("\(home)/entry", LOCK_SH) else {
      throw .io(operation: "lock", path: "\(home)/entry", detail: "another program holds it", retryable: true)
    }
    try hold.resize(to: record.size)
    hold.touch()
    return hold
  }

  private func makeRoom(for record: DatasetRecord) throws(RegistryError) {
    var entries = try stored().filter { $0.version != record.version }
    var total = entries.reduce(record.size) { $0 + $1.size }
    entries.sort { ($0.lastUse, $0.version) < ($1.lastUse, $1.version) }
    for entry in entries where total > limit {
      if try remove(entry.version) { total -= entry.size }
    }
    guard total <= limit else {
      throw .io(
        operation: "make room in", path: directory,
        detail: "data set \(record.name) has \(record.size) bytes, and of the \(limit) that may be there "
          + "\(total - record.size) are in use; set TENSORFLEET_REGISTRY_CACHE_BYTES",
        retryable: record.size <= limit)
    }
  }

  private struct Entry {
    var version: String
    var size: Int
    /// Seconds since 1970.
    var lastUse: Double
  }

  private func stored() throws(RegistryError) -> [Entry] {
    try Posix.names(in: directory).compactMap { version in
      var status = stat()
      guard stat("\(home(version))/entry", &status) == 0 else { return nil }
      #if canImport(Darwin)
        let changed = status.st_mtimespec
      #else
        let changed = status.st_mtim
      #endif
      return Entry(
        version: version, size: Int(status.st_size), lastUse: Double(changed.tv_sec) + Double(changed.tv_nsec) / 1e9)
    }
  }

  /// - Returns: false where somebody uses it.
  private func remove(_ version: String) throws(RegistryError) -> Bool {
    guard let alone = try HeldFile.trying("\(home(version))/entry", LOCK_EX) else { return false }
    return try withExtendedLifetime(alone) { () throws(RegistryError) in
      // Its name goes last: until then it counts as what it is.
      for name in try Posix.names(in: "\(home(version))/files") { unlink("\(home(version))/files/\(name)") }
      rmdir("\(home(version))/files")
      unlink("\(home(version))/fetching")
      unlink("\(home(version))/entry")
      return rmdir(home(version)) == 0
    }
  }
}
