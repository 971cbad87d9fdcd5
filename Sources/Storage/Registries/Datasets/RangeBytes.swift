import Synchronization

/// Bytes of a range, which come in pieces and in any order.
final class RangeBytes: Sendable {
  private let range: Range<Int>
  private let bytes: Mutex<[UInt8]>

  init(_ range: Range<Int>) {
    self.range = range
    bytes = Mutex([UInt8](repeating: 0, count: range.count))
  }

  /// Puts those of the bytes at `place` that are of the range to where they belong.
  func put(_ piece: UnsafeRawBufferPointer, at place: Range<Int>) {
    let part = place.clamped(to: range)
    if part.isEmpty { return }
    let source = UnsafeRawBufferPointer(
      rebasing: piece[part.lowerBound - place.lowerBound..<part.upperBound - place.lowerBound])
    bytes.withLock { bytes in
      bytes.withUnsafeMutableBytes { target in
        UnsafeMutableRawBufferPointer(rebasing: target[(part.lowerBound - range.lowerBound)...])
          .copyMemory(from: source)
      }
    }
  }

  /// All of them; to be called once, at the end.
  func take() -> [UInt8] {
    bytes.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
  }
}
