/// The index in bytes, all numbers little-endian:
///
///     "TFF1"   frame size (4)   file size (8)
///     then for each frame: stored size (4)   size (4)   SHA-256 of the frame before compression (32)
extension FrameIndex {
  private static let magic = Array("TFF1".utf8)
  private static let headSize = 16
  private static let entrySize = 40
  /// No frame may be larger: whoever reads one has it in memory as a whole.
  static let largestFrame = 16 << 20
  /// What an index may take of the 16 MiB that a MongoDB document may have.
  static let largestIndex = 12 << 20

  /// Which bytes of the index are a frame's SHA-256.
  static func digest(of frame: Int) -> Range<Int> {
    let end = headSize + (frame + 1) * entrySize
    return end - 32..<end
  }

  /// How large a file of frames of this size may be.
  static func largestFile(frameSize: Int) -> Int { (largestIndex - headSize) / entrySize * frameSize }

  /// Reads an index of which nothing is taken for granted.
  /// - Returns: nil where it is none, or contradicts itself.
  init?(packed: [UInt8]) {
    guard packed.count >= Self.headSize, packed.count <= Self.largestIndex, packed.starts(with: Self.magic) else {
      return nil
    }
    let frameSize = Int(packed.number(UInt32.self, at: 4))
    guard frameSize >= 1, frameSize <= Self.largestFrame, let rawSize = Int(exactly: packed.number(UInt64.self, at: 8))
    else { return nil }
    let count = rawSize / frameSize + (rawSize % frameSize == 0 ? 0 : 1)
    guard packed.count - Self.headSize == count.multipliedReportingOverflow(by: Self.entrySize).partialValue,
      count <= Self.largestIndex
    else { return nil }
    let largestStored = FrameCodec.largestStored(frameSize)
    var starts = [0]
    starts.reserveCapacity(count + 1)
    for frame in 0..<count {
      let offset = Self.headSize + frame * Self.entrySize
      let stored = Int(packed.number(UInt32.self, at: offset))
      let raw = Int(packed.number(UInt32.self, at: offset + 4))
      guard stored >= 1, stored <= largestStored, raw == min(frameSize, rawSize - frame * frameSize) else { return nil }
      starts.append(starts[frame] + stored)
    }
    self.init(packed: packed, frameSize: frameSize, rawSize: rawSize, starts: starts)
  }

  /// An index that is made frame by frame.
  struct Builder: Sendable {
    private var packed: [UInt8]
    private let frameSize: Int
    private var rawSize = 0
    private var starts = [0]

    init(frameSize: Int) {
      self.frameSize = frameSize
      packed = FrameIndex.magic
      packed.append(UInt32(frameSize))
      packed.append(UInt64(0))
    }

    /// - Throws: `tooLarge` where the index has no room for another frame.
    mutating func append(_ frame: StoredFrame) throws(RegistryError) {
      guard packed.count + FrameIndex.entrySize <= FrameIndex.largestIndex else {
        throw .tooLarge(
          what: "a data set's file",
          detail:
            "one of at most \(FrameIndex.largestFile(frameSize: frameSize) >> 30) GiB can be kept; cut it into several")
      }
      packed.append(UInt32(frame.bytes.count))
      packed.append(UInt32(frame.rawSize))
      packed += frame.sha256
      rawSize += frame.rawSize
      starts.append(starts[starts.count - 1] + frame.bytes.count)
    }

    consuming func finish() -> FrameIndex {
      withUnsafeBytes(of: UInt64(rawSize).littleEndian) { packed.replaceSubrange(8..<16, with: $0) }
      return FrameIndex(packed: packed, frameSize: frameSize, rawSize: rawSize, starts: starts)
    }
  }
}

extension [UInt8] {
  fileprivate func number<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
    T(littleEndian: withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) })
  }

  fileprivate mutating func append<T: FixedWidthInteger>(_ number: T) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
