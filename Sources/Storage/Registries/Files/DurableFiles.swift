#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writing such that a crash at any point leaves what was there before or what was to be there.
///
/// A file is written under a name of its own in a staging directory on the same file system, synced, moved to its place in one
/// step, and that place's directory synced (the order that "Files are hard", Pillai et al., OSDI 2014, finds
/// sufficient on all common file systems). Readers never look into the staging directory.
package struct DurableFiles: Sendable {
  /// On the same file system as everything else, or moving would not be one step.
  package let staging: String
  package let faults: FaultPoint?

  /// - Parameters:
  ///   - staging: a directory that nobody reads, on the same file system as what is written.
  ///   - faults: where tests kill writes.
  package init(staging: String, faults: FaultPoint?) {
    self.staging = staging
    self.faults = faults
  }

  func reached(_ step: WriteStep) throws(RegistryError) { try faults?.reached(step) }

  // MARK: Staging

  /// A path in the staging directory that nobody else has.
  package func stagedPath() -> String { "\(staging)/\(getpid())-\(UInt64.random(in: .min ... .max))" }

  /// Runs `body` with a staged path, and removes what it left there when it fails.
  package func staged<T>(_ body: (String) throws(RegistryError) -> T) throws(RegistryError) -> T {
    let path = stagedPath()
    do { return try body(path) } catch {
      if faults?.hasCrashed != true { removeTree(path) }
      throw error
    }
  }

  /// Writes and syncs a new file.
  package func write(_ pieces: [Data], to path: String) throws(RegistryError) {
    try reached(.createFile)
    let descriptor = try Posix.open(path, O_WRONLY | O_CREAT | O_EXCL, operation: "create")
    defer { close(descriptor) }
    for piece in pieces {
      let half = piece.count / 2
      try reached(.writeHalf)
      try write(piece.prefix(half), to: descriptor, path)
      try reached(.writeRest)
      try write(piece.dropFirst(half), to: descriptor, path)
    }
    try reached(.syncFile)
    try Posix.sync(descriptor, path)
  }

  private func write(_ data: Data, to descriptor: Int32, _ path: String) throws(RegistryError) {
    let outcome = data.withUnsafeBytes { bytes in
      Result { () throws(RegistryError) in try Posix.write(bytes, to: descriptor, path) }
    }
    try outcome.get()
  }

  /// Copies a file to a new, synced one and returns its size and SHA-256.
  /// - Parameter progress: told the bytes of each piece; it may throw to end the copying.
  func copy(
    _ source: String, to path: String,
    progress: (Int) throws(RegistryError) -> Void = { _ throws(RegistryError) in }
  ) throws(RegistryError) -> (size: Int, sha256: String) {
    try reached(.createFile)
    let output = try Posix.open(path, O_WRONLY | O_CREAT | O_EXCL, operation: "create")
    defer { close(output) }
    try reached(.writeHalf)
    let copied = try FileDigest.read(source) { bytes throws(RegistryError) in
      try Posix.write(bytes, to: output, path)
      try progress(bytes.count)
    }
    try reached(.syncFile)
    try Posix.sync(output, path)
    return copied
  }

  // MARK: Publishing

  /// Puts a staged file in place of `path`.
  package func replace(_ path: String, with staged: String) throws(RegistryError) {
    try reached(.publish)
    guard rename(staged, path) == 0 else { throw Posix.failure("replace", path) }
    try syncDirectory(of: path)
  }

  /// Writes `data` in place of the file at `path`.
  func replace(_ path: String, with data: Data) throws(RegistryError) {
    try staged { staged throws(RegistryError) in
      try write([data], to: staged)
      try replace(path, with: staged)
    }
  }

  /// Gives a staged file the name `path` unless that is taken: link() is the one step that decides between writers.
  /// - Returns: false where the name is taken; the staged file remains then.
  func claim(_ path: String, with staged: String) throws(RegistryError) -> Bool {
    try reached(.publish)
    guard link(staged, path) == 0 else {
      if errno == EEXIST { return false }
      throw Posix.failure("create", path)
    }
    try syncDirectory(of: path)
    try reached(.removeStaged)
    unlink(staged)
    return true
  }

  /// Gives a staged directory the name `path` unless that is taken: rename() does not replace a directory that has files.
  /// - Returns: false where the name is taken; the staged directory remains then.
  func claimDirectory(_ path: String, with staged: String) throws(RegistryError) -> Bool {
    try reached(.publish)
    guard rename(staged, path) == 0 else {
      if errno == ENOTEMPTY || errno == EEXIST { return false }
      throw Posix.failure("create", path)
    }
    try syncDirectory(of: path)
    return true
  }

  // MARK: Directories

  /// Makes a directory and those above it; one that exists is no error.
  package func makeDirectory(_ path: String) throws(RegistryError) {
    if Posix.exists(path) { return }
    let parent = Self.parent(of: path)
    if parent != path { try makeDirectory(parent) }
    try reached(.makeDirectory)
    guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw Posix.failure("create the directory", path) }
    try syncDirectory(of: path)
  }

  /// Makes the entry of `path` in its directory durable.
  func syncDirectory(of path: String) throws(RegistryError) {
    try reached(.syncDirectory)
    try syncDirectory(Self.parent(of: path))
  }

  func syncDirectory(_ directory: String) throws(RegistryError) {
    let descriptor = try Posix.open(directory, O_RDONLY | O_DIRECTORY, operation: "sync")
    defer { close(descriptor) }
    try Posix.sync(descriptor, directory)
  }

  /// The visible names in a directory, sorted; none where it does not exist.
  package func names(in directory: String) throws(RegistryError) -> [String] {
    try Posix.names(in: directory).filter { !$0.hasPrefix(".") }
  }

  package func remove(_ path: String) throws(RegistryError) {
    try reached(.remove)
    guard unlink(path) == 0 || errno == ENOENT else { throw Posix.failure("remove", path) }
  }

  /// Takes a file or directory out of its place in one step, then removes it. What is not there is no error.
  func discard(_ path: String) throws(RegistryError) {
    let grave = stagedPath()
    try reached(.remove)
    guard rename(path, grave) == 0 else {
      if errno == ENOENT { return }
      throw Posix.failure("remove", path)
    }
    try syncDirectory(of: path)
    try reached(.removeStaged)
    removeTree(grave)
  }

  /// Removes what writers that were killed left behind: staged files last changed more than `age` seconds ago.
  package func sweep(olderThan age: Double) throws(RegistryError) {
    let now = Date().timeIntervalSince1970
    for name in try names(in: staging) {
      let path = "\(staging)/\(name)"
      var info = stat()
      guard lstat(path, &info) == 0 else { continue }
      #if canImport(Darwin)
        let changed = Double(info.st_mtimespec.tv_sec)
      #else
        let changed = Double(info.st_mtim.tv_sec)
      #endif
      if now - changed >= age { removeTree(path) }
    }
  }

  /// Removes a file, or a directory with its files and directories, as far as it can: what remains is swept later.
  private func removeTree(_ path: String) {
    if unlink(path) == 0 || errno == ENOENT { return }
    for name in (try? names(in: path)) ?? [] { removeTree("\(path)/\(name)") }
    rmdir(path)
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
