#if canImport(Glibc)
  import Glibc
#endif

/// One cell's place in the file's bytes.
package struct CSVCell {
  /// The content without the quotes around it; inside, doubled quotes are still doubled. At least eight more bytes can
  /// be read behind it.
  package let bytes: UnsafeBufferPointer<UInt8>
  /// Whether the cell begins with a quote, so that `""` in it stands for one quote.
  package let isQuoted: Bool

  /// The cell between `start` and the separator at `end`.
  ///
  /// A cell that begins with a quote loses that and, where it ends in one, the last: in well-formed files these are the
  /// quotes around it, and in a cell such as `"a "b" c` the inner ones stay.
  @inline(__always)
  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) {
    if start < end, base[start] == Ascii.quote {
      isQuoted = true
      let last = end &- 1 > start && base[end &- 1] == Ascii.quote ? end &- 1 : end
      bytes = UnsafeBufferPointer(start: base + (start &+ 1), count: last &- start &- 1)
    } else {
      isQuoted = false
      bytes = UnsafeBufferPointer(start: base + start, count: end &- start)
    }
  }

  /// A cell whose bytes are its text.
  init(unquoted bytes: UnsafeBufferPointer<UInt8>) {
    isQuoted = false
    self.bytes = bytes
  }

  /// Whether the text differs from the bytes.
  var hasDoubledQuotes: Bool {
    guard isQuoted, let base = bytes.baseAddress else { return false }
    // Nearly always there is no quote at all, and the library finds that out a vector at a time.
    guard let first = memchr(base, Int32(Ascii.quote), bytes.count) else { return false }
    var index = first - UnsafeMutableRawPointer(mutating: base) + 1
    while index < bytes.count {
      if bytes[index] == Ascii.quote, bytes[index - 1] == Ascii.quote { return true }
      index &+= 1
    }
    return false
  }

  /// The text, quotes undone, invalid UTF-8 replaced.
  package var text: String {
    String(decoding: hasDoubledQuotes ? CSVText.undoubled(bytes) : Array(bytes), as: UTF8.self)
  }
}
