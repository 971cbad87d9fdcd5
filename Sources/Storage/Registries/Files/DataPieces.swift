#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Bytes in memory, a piece at a time: who writes them needs no second copy of all of them.
struct DataPieces: Sequence {
  /// Bytes of a piece.
  static let size = 1 << 20
  private let data: Data

  init(_ data: Data) { self.data = data }

  func makeIterator() -> AnyIterator<[UInt8]> {
    var next = data.startIndex
    return AnyIterator {
      guard next < data.endIndex else { return nil }
      let end = Swift.min(next + Self.size, data.endIndex)
      defer { next = end }
      return [UInt8](data[next..<end])
    }
  }
}
