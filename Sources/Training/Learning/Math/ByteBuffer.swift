#if canImport(Glibc)
  import Glibc
#endif

/// A fixed block of bytes: image pixels as they came from the file, or a file's content.
///
/// Immutable once filled by its maker. After the last byte lie `padding` zeros, so that readers of whole blocks may look
/// past the end.
package final class ByteBuffer {
  /// Zeros that may be read after the content.
  package static let padding = 64

  /// Number of bytes.
  package let count: Int
  /// The first byte. Valid as long as the buffer lives.
  package let base: UnsafeMutablePointer<UInt8>

  /// `count` zeros. Memory that is never written costs nothing: the system maps large blocks page by page.
  package init(count: Int) {
    guard let memory = calloc(count + Self.padding, 1) else { fatalError("out of memory for \(count) bytes") }
    self.count = count
    base = memory.bindMemory(to: UInt8.self, capacity: count + Self.padding)
  }

  /// A copy of `bytes`.
  package convenience init(_ bytes: some Collection<UInt8>) {
    self.init(count: bytes.count)
    var index = 0
    for byte in bytes {
      base[index] = byte
      index += 1
    }
  }

  deinit { free(base) }

  /// A copy as an array.
  package var array: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// The content for reading. The caller keeps the buffer alive meanwhile: never ask a temporary for it.
  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
}
