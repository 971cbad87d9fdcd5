import Basics

/// Where the frames of a data set's file are and what they hold, so that a part of the file can be fetched, decompressed and
/// verified alone.
///
/// A file is cut into frames of `frameSize` bytes, the last one as long as the rest. Each is compressed on its own; the results, one behind
/// the other, are what is stored. The index is kept as it is stored, 40 bytes a frame (``FrameIndex/init(packed:)``).
struct FrameIndex: Sendable, Hashable {
  /// The index as it is stored.
  let packed: [UInt8]
  /// Bytes of every frame but perhaps the last, before compression.
  let frameSize: Int
  /// Bytes of the file.
  let rawSize: Int
  /// Where each frame begins among the stored bytes, and where the last one ends.
  private let starts: [Int]

  init(packed: [UInt8], frameSize: Int, rawSize: Int, starts: [Int]) {
    self.packed = packed
    self.frameSize = frameSize
    self.rawSize = rawSize
    self.starts = starts
  }

  /// How many frames there are.
  var count: Int { starts.count - 1 }
  /// Bytes that are stored.
  var storedSize: Int { starts[count] }
  /// The SHA-256 of the index, which whoever has it can hold the index against.
  var sha256: String { SHA256.hex(of: packed) }

  /// The frames that hold the bytes of `range`, as far as there are such bytes.
  func frames(holding range: Range<Int>) -> Range<Int> {
    let range = range.clamped(to: 0..<rawSize)
    guard !range.isEmpty else { return 0..<0 }
    return range.lowerBound / frameSize..<(range.upperBound - 1) / frameSize + 1
  }

  /// The bytes of the file that these frames hold.
  func rawRange(of frames: Range<Int>) -> Range<Int> {
    min(frames.lowerBound * frameSize, rawSize)..<min(frames.upperBound * frameSize, rawSize)
  }

  func rawRange(of frame: Int) -> Range<Int> { rawRange(of: frame..<frame + 1) }

  /// Which of the stored bytes these frames are.
  func storedRange(of frames: Range<Int>) -> Range<Int> { starts[frames.lowerBound]..<starts[frames.upperBound] }

  func storedRange(of frame: Int) -> Range<Int> { starts[frame]..<starts[frame + 1] }

  /// Whether these are the bytes that a frame holds.
  func vouches(for bytes: UnsafeRawBufferPointer, of frame: Int) -> Bool {
    guard bytes.count == rawRange(of: frame).count else { return false }
    let digest = Self.digest(of: frame)
    return SHA256.digest(of: bytes).elementsEqual(packed[digest])
  }

  /// Cuts a range of frames into consecutive ones of at most `most` frames and `bytes` stored bytes each, or one frame where
  /// that is larger.
  func groups(of frames: Range<Int>, bytes: Int, most: Int) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var first = frames.lowerBound
    for frame in frames where frame > first && (starts[frame + 1] - starts[first] > bytes || frame - first == most) {
      groups.append(first..<frame)
      first = frame
    }
    if first < frames.upperBound { groups.append(first..<frames.upperBound) }
    return groups
  }
}
