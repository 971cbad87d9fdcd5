#if canImport(Glibc)
  import Glibc
#endif

/// A directory of downloaded files that the processes of a node share, bounded in size: what was used longest ago goes
/// first, what is in use stays.
///
/// Two kinds of locks (flock(2), so the kernel releases them when a process dies): `lock` of the cache is held for moments,
/// while a file is taken into use or files are removed, so the two never cross; `lock` of an entry is held while its
/// object is downloaded, so the others wait for it and find it done. Lock files stay, for whoever might be waiting; they
/// are empty.
struct Cache {
  let directory: String
  let limit: Int
  let cancellation: Cancellation

  /// How long to wait before a lock is tried again.
  private static let poll = 0.02

  init(directory: String, limit: Int, _ cancellation: Cancellation) throws(SourceError) {
    self.directory = directory
    self.limit = limit
    self.cancellation = cancellation
    var path = ""
    for part in directory.split(separator: "/", omittingEmptySubsequences: false) {
      path += path.isEmpty && part.isEmpty ? "/" : path.hasSuffix("/") || path.isEmpty ? String(part) : "/" + part
      if access(path, F_OK) != 0 { try Posix.makeDirectory(path) }
    }
    try Posix.makeDirectory(directory + "/objects")
  }

  /// The entry of an object, locked for downloading by this thread until `body` ends.
  func downloading<Result>(
    _ key: String, _ body: (CacheEntry) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let entry = CacheEntry(directory: directory + "/objects/" + key)
    try Posix.makeDirectory(entry.directory)
    let lock = try Posix.File(entry.lockPath, O_RDWR | O_CREAT)
    while try !lock.tryLock(LOCK_EX) { try cancellation.sleep(seconds: Self.poll) }
    return try withExtendedLifetime(lock) { () throws(SourceError) in try body(entry) }
  }

  /// Takes the entry's data into use.
  /// - Returns: nil where it was removed meanwhile.
  func use(_ entry: CacheEntry, _ description: CacheEntry.Description) throws(SourceError) -> SourceFile? {
    try locked { () throws(SourceError) in
      let path = entry.path(description)
      guard access(path, F_OK) == 0 else { return nil }
      let file = try Posix.File(path, O_RDONLY)
      // Nobody else can hold it alone: files are removed under the cache's lock only.
      guard try file.tryLock(LOCK_SH) else { return nil }
      futimens(file.descriptor, nil)
      return SourceFile(path: path, sha256: description.sha256, lock: file)
    }
  }

  /// Removes what was used longest ago until `bytes` more fit.
  /// - Parameter kept: the entry that the room is for.
  /// - Throws: `cacheFull` where what is in use leaves no room.
  func makeRoom(_ bytes: Int, for kept: CacheEntry) throws(SourceError) {
    try locked { () throws(SourceError) in
      var files = stored()
      var total = files.reduce(0) { $0 + $1.size }
      files.sort { ($0.lastUse, $0.path) < ($1.lastUse, $1.path) }
      for file in files where total + bytes > limit {
        if file.path == kept.partPath { continue }
        if try remove(file) { total -= file.size }
      }
      guard total + bytes <= limit else { throw .cacheFull(bytes: bytes, limit: limit) }
    }
  }

  private struct Stored {
    var entry: CacheEntry
    var path: String
    var size: Int
    /// Seconds since 1970, and nanoseconds of the second.
    var lastUse: Double
  }

  /// Data and partial files.
  private func stored() -> [Stored] {
    var result: [Stored] = []
    for key in Posix.names(in: directory + "/objects") {
      let entry = CacheEntry(directory: directory + "/objects/" + key)
      for name in Posix.names(in: entry.directory) {
        let path = entry.directory + "/" + name
        let files = name == "part" ? [path] : Posix.names(in: path).map { path + "/" + $0 }
        for file in files {
          var status = stat()
          guard stat(file, &status) == 0 else { continue }
          result.append(
            Stored(
              entry: entry, path: file, size: Int(status.st_size),
              lastUse: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9))
        }
      }
    }
    return result
  }

  /// - Returns: false where somebody uses it.
  private func remove(_ stored: Stored) throws(SourceError) -> Bool {
    let isPart = stored.path == stored.entry.partPath
    let lockPath = isPart ? stored.entry.lockPath : stored.path
    guard let lock = try? Posix.File(lockPath, O_RDONLY), try lock.tryLock(LOCK_EX) else { return false }
    return withExtendedLifetime(lock) {
      guard unlink(stored.path) == 0 else { return false }
      if isPart {
        unlink(stored.path + ".json")
      } else {
        rmdir(String(stored.path[..<(stored.path.lastIndex(of: "/") ?? stored.path.endIndex)]))
      }
      return true
    }
  }

  private func locked<Result>(_ body: () throws(SourceError) -> Result) throws(SourceError) -> Result {
    let lock = try Posix.File(directory + "/lock", O_RDWR | O_CREAT)
    while try !lock.tryLock(LOCK_EX) { try cancellation.sleep(seconds: Self.poll / 10) }
    return try withExtendedLifetime(lock, body)
  }
}
