#if canImport(Glibc)
  import Glibc
#endif

/// Reads whole files with the system's calls, so that errno can tell trouble that may pass from trouble that stays.
package enum FileReader {
  /// The content of the regular file at `path`.
  /// - Parameter limit: the most bytes the caller can address.
  /// - Throws: `fileUnreadable` with the system's reason, `fileTooLarge`.
  package static func read(_ path: String, limit: Int = .max) throws(LearningError) -> ByteBuffer {
    let (descriptor, size) = try open(path)
    defer { close(descriptor) }
    guard size <= limit else { throw .fileTooLarge(path: path, bytes: size, limit: limit) }
    let buffer = ByteBuffer(count: size)
    try fill(buffer.base, count: size, descriptor, from: 0, path: path)
    return buffer
  }

  /// Opens the regular file at `path`; its owner closes it.
  /// - Throws: `fileUnreadable`.
  static func open(_ path: String) throws(LearningError) -> (descriptor: Int32, size: Int) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw unreadable(path, code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .fileUnreadable(path: path, detail: "it is not a regular file", retryable: false)
    }
    return (descriptor, Int(status.st_size))
  }

  /// Reads `count` bytes from the offset `first` on.
  /// - Throws: `fileUnreadable`, also where the file ends before.
  static func fill(
    _ target: UnsafeMutablePointer<UInt8>, count: Int, _ descriptor: Int32, from first: Int, path: String
  ) throws(LearningError) {
    var filled = 0
    while filled < count {
      let taken = pread(descriptor, target + filled, count - filled, first + filled)
      if taken < 0 && errno == EINTR { continue }
      guard taken >= 0 else { throw unreadable(path, errno) }
      guard taken > 0 else {
        throw .fileUnreadable(path: path, detail: "it became shorter while it was read", retryable: true)
      }
      filled += taken
    }
  }

  /// Whether `path` names a directory (following links).
  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` names anything that is no directory.
  package static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
  }

  private static func unreadable(_ path: String, _ code: Int32) -> LearningError {
    // A missing file or a refused permission stays so until a person acts; these may pass by themselves.
    let passing: Set<Int32> = [EIO, EAGAIN, EMFILE, ENFILE, ENOMEM, ESTALE, ETIMEDOUT, EHOSTDOWN, ENETDOWN]
    return .fileUnreadable(path: path, detail: String(cString: strerror(code)), retryable: passing.contains(code))
  }
}
