import Basics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads a file once, from its beginning to its end, in pieces of one frame each, and hashes it on the way.
struct FrameSource: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private let frameSize: Int
  private var hash = SHA256()
  private var size = 0

  /// - Throws: `io`.
  init(_ path: String, frameSize: Int) throws(RegistryError) {
    descriptor = try Posix.open(path, O_RDONLY, operation: "read")
    self.path = path
    self.frameSize = frameSize
  }

  deinit { close(descriptor) }

  /// The bytes of the next frame; nil behind the last.
  mutating func next() throws(RegistryError) -> [UInt8]? {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: frameSize) { buffer, done in
      while done < frameSize {
        let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, frameSize - done, off_t(size + done))
        if count < 0, errno == EINTR { continue }
        if count < 0 { failure = errno }
        if count <= 0 { break }
        done += count
      }
      hash.update(UnsafeRawBufferPointer(start: buffer.baseAddress, count: done))
    }
    if failure != 0 { throw Posix.failure("read", path, failure) }
    size += bytes.count
    return bytes.isEmpty ? nil : bytes
  }

  /// What was read.
  consuming func finish(name: String) -> StoredFile {
    let size = size
    // The hash cannot be taken out of a value that has a deinit, but a copy of its state can give the digest.
    return StoredFile(name: name, size: size, sha256: hash.current())
  }
}
