#if canImport(Glibc)
  import Glibc
#endif

/// Reads whole files with the system's calls, so that errno can tell trouble that may pass from trouble that stays.
package enum FileReader {
  /// The content of the regular file at `path`.
  /// - Throws: `LearningError.fileUnreadable` with the system's reason.
  package static func read(_ path: String) throws(LearningError) -> ByteBuffer {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .fileUnreadable(path: path, detail: "it is not a regular file", retryable: false)
    }
    let size = Int(status.st_size)
    let buffer = ByteBuffer(count: size)
    var filled = 0
    while filled < size {
      let count = Glibc.read(descriptor, buffer.base + filled, size - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, errno) }
      guard count > 0 else {
        throw .fileUnreadable(path: path, detail: "it became shorter while it was read", retryable: true)
      }
      filled += count
    }
    return buffer
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
