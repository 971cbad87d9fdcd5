import Basics
import CZstd
import Synchronization

/// One frame as it is stored.
struct StoredFrame: Sendable {
  /// A zstd frame of its own (RFC 8878). Where the bytes do not shrink it holds them as they are, and a few more.
  var bytes: [UInt8]
  /// Bytes before compression.
  var rawSize: Int
  /// Of the bytes before compression.
  var sha256: [UInt8]
}

/// Compresses and decompresses frames. What the two need of memory is kept for the next frame; any number of threads may
/// use one codec.
final class FrameCodec: Sendable {
  /// Of 1 to 3, which differ little in what they save on columns of numbers, the fastest. On bytes that do not shrink it
  /// runs at several GB/s.
  static let level: Int32 = 1

  private let compressors = Mutex<[Context]>([])
  private let decompressors = Mutex<[Context]>([])

  /// How many bytes a frame of so many may take.
  static func largestStored(_ rawSize: Int) -> Int { ZSTD_compressBound(rawSize) }

  func compress(_ raw: UnsafeRawBufferPointer) -> StoredFrame {
    let context = compressors.withLock { $0.popLast() } ?? Context(compressor: Self.level)
    defer { compressors.withLock { $0.append(context) } }
    let bound = Self.largestStored(raw.count)
    let bytes = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = ZSTD_compress2(context.pointer, buffer.baseAddress, bound, raw.baseAddress, raw.count)
      // With as much room as there may be need for, it fails only without memory.
      precondition(ZSTD_isError(count) == 0, "zstd has no memory")
    }
    return StoredFrame(bytes: bytes, rawSize: raw.count, sha256: SHA256.digest(of: raw))
  }

  /// Decompresses one frame, which must be exactly as long as `raw`.
  /// - Returns: false where it is no frame of that length; never writes beyond `raw`.
  func decompress(_ stored: UnsafeRawBufferPointer, into raw: UnsafeMutableRawBufferPointer) -> Bool {
    let context = decompressors.withLock { $0.popLast() } ?? Context()
    defer { decompressors.withLock { $0.append(context) } }
    // Several frames in a row would be decompressed too: one must be all there is.
    guard ZSTD_findFrameCompressedSize(stored.baseAddress, stored.count) == stored.count else { return false }
    return ZSTD_decompressDCtx(context.pointer, raw.baseAddress, raw.count, stored.baseAddress, stored.count)
      == raw.count
  }

  /// @unchecked: whoever took it out of the codec's list is the only one that has it.
  private final class Context: @unchecked Sendable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Int

    init(compressor level: Int32) {
      guard let context = ZSTD_createCCtx() else { fatalError("zstd has no memory") }
      ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
      pointer = context
      free = ZSTD_freeCCtx
    }

    init() {
      guard let context = ZSTD_createDCtx() else { fatalError("zstd has no memory") }
      pointer = context
      free = ZSTD_freeDCtx
    }

    deinit { _ = free(pointer) }
  }
}
