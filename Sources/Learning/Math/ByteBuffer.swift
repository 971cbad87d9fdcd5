/// A fixed block of bytes: image pixels as they came from the file, or a file's content.
///
/// Immutable once filled by its maker.
package final class ByteBuffer {
  /// Number of bytes.
  package let count: Int
  /// The first byte. Valid as long as the buffer lives.
  package let base: UnsafeMutablePointer<UInt8>

  /// `count` zeros.
  package init(count: Int) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
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

  deinit { base.deallocate() }

  /// A copy as an array.
  package var array: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// The content for reading. The caller keeps the buffer alive meanwhile: never ask a temporary for it.
  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
}
