#if canImport(Glibc)
  import Glibc
#endif

/// Reads whole files with the system's calls, so that errno can tell trouble that may pass from trouble that stays.
///
/// Files are copied, not mapped: one that is cut short while it is read is then an error and not a SIGBUS.
package enum FileReader {
  private static let partBytes = 4 << 20

  /// The content of the regular file at `path`.
  /// - Parameter limit: the most bytes the caller can address.
  /// - Throws: `fileUnreadable` with the system's reason, `fileTooLarge`.
  package static func read(_ path: String, limit: Int = .max) throws(LearningError) -> ByteBuffer {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .fileUnreadable(path: path, detail: "it is not a regular file", retryable: false)
    }
    let size = Int(status.st_size)
    guard size <= limit else { throw .fileTooLarge(path: path, bytes: size, limit: limit) }
    let buffer = ByteBuffer(count: size)
    let parts = (size + partBytes - 1) / partBytes
    let outcomes = ParallelResults(count: parts, initial: Outcome.whole)
    ThreadPool.shared.run(parts) { part in
      let first = part * partBytes
      outcomes[part] = fill(buffer, descriptor, from: first, count: min(partBytes, size - first))
    }
    for part in 0..<parts {
      switch outcomes[part] {
      case .whole: continue
      case .short: throw .fileUnreadable(path: path, detail: "it became shorter while it was read", retryable: true)
      case .failed(let code): throw unreadable(path, code)
      }
    }
    return buffer
  }

  private enum Outcome {
    case whole
    case short
    case failed(Int32)
  }

  private static func fill(_ buffer: ByteBuffer, _ descriptor: Int32, from first: Int, count: Int) -> Outcome {
    var filled = 0
    while filled < count {
      let taken = pread(descriptor, buffer.base + first + filled, count - filled, first + filled)
      if taken < 0 && errno == EINTR { continue }
      if taken < 0 { return .failed(errno) }
      if taken == 0 { return .short }
      filled += taken
    }
    return .whole
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
