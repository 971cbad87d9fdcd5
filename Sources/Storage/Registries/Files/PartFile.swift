#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file on its way to its place: nobody reads it before it is whole, and a later attempt finds what an earlier one brought.
///
/// Held alone, by flock(2), for as long as this lives: of several that bring the same file the others wait, and then find
/// it in its place.
final class PartFile: Sendable {
  let path: String
  let descriptor: Int32

  /// Opens the part at `path`, or makes it empty.
  /// - Throws: `io`.
  init(_ path: String) throws(RegistryError) {
    self.path = path
    while true {
      let opened = try Posix.open(path, O_RDWR | O_CREAT, operation: "create")
      while flock(opened, LOCK_EX) != 0 {
        if errno == EINTR { continue }
        let failure = Posix.failure("lock", path)
        close(opened)
        throw failure
      }
      // While this one waited, the part may have gone to its place, and this would be a finished file.
      var held = stat()
      var named = stat()
      if fstat(opened, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino {
        descriptor = opened
        return
      }
      close(opened)
    }
  }

  deinit { close(descriptor) }

  /// Bytes, those that were never written counted up to the last one that was.
  var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  func resize(to size: Int) throws(RegistryError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Posix.failure("resize", path) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(RegistryError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Posix.failure("write", path) }
      done += count
    }
  }

  /// Fills `buffer` from `offset` on.
  /// - Returns: the bytes there were.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(RegistryError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Posix.failure("read", path) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Makes the bytes durable and gives them their name, in place of what had it.
  func publish(as path: String) throws(RegistryError) {
    try Posix.sync(descriptor, self.path)
    guard rename(self.path, path) == 0 else { throw Posix.failure("replace", path) }
    let directory = DurableFiles.parent(of: path)
    let opened = try Posix.open(directory, O_RDONLY | O_DIRECTORY, operation: "sync")
    defer { close(opened) }
    try Posix.sync(opened, directory)
  }

  func remove() { unlink(path) }
}
