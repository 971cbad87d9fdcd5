import Basics

#if canImport(Glibc)
  import Glibc
#endif

/// The system's calls that the cache needs, with typed errors.
enum Posix {
  static func failure(_ operation: String, _ path: String, _ code: Int32 = errno) -> SourceError {
    let failure = SystemFailure(code)
    return .io(
      operation: operation, path: path, detail: failure.description, retryable: failure.isWorthAnotherAttempt)
  }

  /// An open file, closed with its owner, and with it every lock on it.
  final class File: Sendable {
    let descriptor: Int32
    let path: String

    init(_ path: String, _ flags: Int32) throws(SourceError) {
      descriptor = open(path, flags | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw failure("open", path) }
      self.path = path
    }

    deinit { close(descriptor) }

    var status: stat {
      var status = stat()
      fstat(descriptor, &status)
      return status
    }

    /// Takes a lock without waiting.
    /// - Returns: false where another holds one that does not go with it.
    func tryLock(_ kind: Int32) throws(SourceError) -> Bool {
      while flock(descriptor, kind | LOCK_NB) != 0 {
        if errno == EWOULDBLOCK { return false }
        guard errno == EINTR else { throw failure("lock", path) }
      }
      return true
    }

    func truncate(to size: Int) throws(SourceError) {
      guard ftruncate(descriptor, size) == 0 else { throw failure("truncate", path) }
    }

    func sync() throws(SourceError) {
      guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SourceError) {
      var written = 0
      while written < bytes.count {
        let count = pwrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, offset + written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw failure("write", path) }
        written += count
      }
    }

    /// Everything in it, a piece at a time.
    func read(_ body: (UnsafeRawBufferPointer) throws(SourceError) -> Void) throws(SourceError) {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
      defer { buffer.deallocate() }
      var offset = 0
      while true {
        let count = pread(descriptor, buffer.baseAddress, buffer.count, offset)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw failure("read", path) }
        if count == 0 { return }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        offset += count
      }
    }
  }

  static func makeDirectory(_ path: String) throws(SourceError) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("make directory", path) }
  }

  static func move(_ old: String, _ new: String) throws(SourceError) {
    guard rename(old, new) == 0 else { throw failure("rename", old) }
  }

  /// Names in a directory, sorted; none where it does not exist.
  static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
