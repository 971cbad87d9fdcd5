import CZlib

/// Reads gzip (RFC 1952) bytes piece by piece, so that a caller can look at a header before it believes in a size. Several
/// members, one after the other, are one text; anything else behind a member is an error.
struct GzipReader {
  private let source: ByteBuffer
  private let path: String
  private var stream = z_stream()
  private var ended = false

  /// Whether `buffer` starts with gzip's magic number.
  static func looksLikeGzip(_ buffer: ByteBuffer) -> Bool {
    buffer.count >= 2 && buffer.base[0] == 0x1F && buffer.base[1] == 0x8B
  }

  /// Calls `body` with a reader over `source` and frees zlib's state afterwards.
  static func withReader<Result>(
    _ source: ByteBuffer, path: String, _ body: (inout GzipReader) throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    var reader = GzipReader(source: source, path: path)
    guard czlib_inflate_init_gzip(&reader.stream) == Z_OK else {
      throw .badIDX(path: path, detail: "zlib could not be started")
    }
    defer { inflateEnd(&reader.stream) }
    return try body(&reader)
  }

  private init(source: ByteBuffer, path: String) {
    self.source = source
    self.path = path
    stream.next_in = source.base
    // zlib counts input in 32 bits.
    stream.avail_in = UInt32(clamping: source.count)
  }

  /// The most compressed bytes.
  static let maximumBytes = Int(UInt32.max)

  /// Fills up to `count` bytes and returns how many there were before the end of the data.
  mutating func read(into target: UnsafeMutablePointer<UInt8>, count: Int) throws(LearningError) -> Int {
    var filled = 0
    while filled < count, !ended {
      stream.next_out = target + filled
      let room = UInt32(clamping: min(count - filled, 1 << 30))
      stream.avail_out = room
      let status = inflate(&stream, Z_NO_FLUSH)
      filled += Int(room - stream.avail_out)
      switch status {
      case Z_STREAM_END: try endMember()
      case Z_OK: continue
      case Z_BUF_ERROR: throw .badIDX(path: path, detail: "the gzip data ends in the middle")
      default: throw .badIDX(path: path, detail: "the gzip data is damaged")
      }
    }
    return filled
  }

  /// Another member may follow the one that has ended.
  private mutating func endMember() throws(LearningError) {
    guard stream.avail_in > 0 else {
      ended = true
      return
    }
    guard stream.avail_in >= 2, stream.next_in[0] == 0x1F, stream.next_in[1] == 0x8B, inflateReset(&stream) == Z_OK
    else {
      throw .badIDX(path: path, detail: "there is data after the gzip data")
    }
  }
}
