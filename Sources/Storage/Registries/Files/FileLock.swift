#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A lock between processes, and between threads of one, that the kernel releases when its holder dies.
enum FileLock {
  /// Runs `body` while holding the lock of the file at `path`, which is made where it does not exist and never removed.
  static func holding<T>(_ path: String, _ body: () throws(RegistryError) -> T) throws(RegistryError) -> T {
    let descriptor = try Posix.open(path, O_RDWR | O_CREAT, operation: "lock")
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { throw Posix.failure("lock", path) }
    }
    return try body()
  }
}
