#if canImport(Glibc)
  import Glibc
#endif

/// The bytes of a CSV file, looked at through windows: a file of any size is read with a few hundred kilobytes.
///
/// Files are copied window by window and not mapped: one that is cut short while it is read is then an error and not a
/// SIGBUS. Reading at an offset leaves no state behind, so threads may read different windows at once.
///
/// `@unchecked Sendable`: all its properties are constant, and the memory it may point to is never written.
final class CSVSource: @unchecked Sendable {
  /// Bytes from `start` on, with `ByteBuffer.padding` readable bytes after them.
  struct Window {
    var base: UnsafePointer<UInt8>
    var count: Int
    /// The offset of the first byte in the file.
    var start: Int
    /// Whether the file ends with it.
    var isLast: Bool
  }

  /// Number of bytes.
  let count: Int
  private let memory: ByteBuffer?
  private let descriptor: Int32
  private let path: String

  /// Bytes in memory.
  init(_ buffer: ByteBuffer) {
    memory = buffer
    count = buffer.count
    descriptor = -1
    path = ""
  }

  /// Opens the regular file at `path`.
  /// - Throws: `fileUnreadable`.
  init(path: String) throws(LearningError) {
    (descriptor, count) = try FileReader.open(path)
    memory = nil
    self.path = path
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The window of up to `length` bytes from `start` on; `buffer` is overwritten, made larger where it is too small, and
  /// holds the bytes as long as it is not used again.
  /// - Throws: `fileUnreadable`.
  func window(from start: Int, length: Int, _ buffer: inout ByteBuffer) throws(LearningError) -> Window {
    let size = min(length, count - start)
    let isLast = start + size == count
    if let memory { return Window(base: memory.base + start, count: size, start: start, isLast: isLast) }
    if buffer.count < size { buffer = ByteBuffer(count: size) }
    try FileReader.fill(buffer.base, count: size, descriptor, from: start, path: path)
    // What an earlier window left behind must not be taken for text.
    memset(buffer.base + size, 0, ByteBuffer.padding)
    return Window(base: buffer.base, count: size, start: start, isLast: isLast)
  }

  /// The line that `offset` lies on, from 1. Reads the file up to there: only messages ask for it.
  /// - Throws: `fileUnreadable`.
  func line(of offset: Int) throws(LearningError) -> Int {
    var buffer = ByteBuffer(count: 0)
    var line = 1
    var start = 0
    while start < offset {
      // One byte more than is counted, to see the LF of a CRLF.
      let window = try window(from: start, length: 1 << 20, &buffer)
      let end = window.isLast ? window.count : window.count - 1
      line += RecordIndexer(window).lineBreaks(before: min(offset - start, end))
      start += max(end, 1)
    }
    return line
  }
}
