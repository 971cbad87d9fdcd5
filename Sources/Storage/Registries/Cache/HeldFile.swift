import Basics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file with a lock between processes on it, flock(2), that ends with its owner or with the process.
final class HeldFile: DatasetHold {
  let path: String
  private let descriptor: Int32

  /// Opens the file, or makes it empty, and tries to take a lock without waiting.
  /// - Parameter kind: LOCK_SH or LOCK_EX.
  /// - Returns: nil where another holds one that does not go with it.
  static func trying(_ path: String, _ kind: Int32) throws(RegistryError) -> HeldFile? {
    let file = HeldFile(path, try Posix.open(path, O_RDWR | O_CREAT, operation: "lock"))
    while flock(file.descriptor, kind | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return nil }
      if errno != EINTR { throw Posix.failure("lock", path) }
    }
    return file
  }

  /// Takes a lock; whoever is cancelled waits no longer.
  static func taking(_ path: String, _ kind: Int32) async throws(RegistryError) -> HeldFile {
    while true {
      if let file = try trying(path, kind) { return file }
      do { try await Task.sleep(for: .milliseconds(20)) } catch { throw .cancelled }
    }
  }

  private init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Bytes, none of which need exist.
  func resize(to size: Int) throws(RegistryError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Posix.failure("resize", path) }
  }

  /// Makes this the moment of the file's last change, to the nanosecond: the system's own stamps are some milliseconds coarse.
  func touch() {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    futimens(descriptor, [now, now])
  }
}
