import Synchronization

/// Some bytes of a file, put together from its chunks with one copy of each byte.
final class GridFSRange: Sendable {
  private struct State {
    var bytes: [UInt8]
    var sequence: GridFSSequence
  }
  private let range: Range<Int>
  private let chunkSize: Int
  private let state: Mutex<State>

  /// - Parameter range: not empty, and within the file.
  init(_ file: GridFSFile, _ range: Range<Int>) {
    self.range = range
    chunkSize = file.chunkSize
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    let chunks = Self.chunks(of: range, file)
    state = Mutex(
      State(bytes: bytes, sequence: GridFSSequence(file, from: chunks.lowerBound, to: chunks.upperBound)))
  }

  /// The numbers of the chunks that hold these bytes.
  static func chunks(of range: Range<Int>, _ file: GridFSFile) -> Range<Int> {
    range.lowerBound / file.chunkSize..<(range.upperBound - 1) / file.chunkSize + 1
  }

  func take(_ native: OpaquePointer) throws(MongoError) {
    try state.withLock { state throws(MongoError) in
      let sequence = state.sequence
      try sequence.read(native) { index, data throws(MongoError) in
        try state.sequence.take(index, size: data.count)
        let start = index * chunkSize
        let wanted = range.clamped(to: start..<start + data.count)
        state.bytes += data[wanted.lowerBound - start..<wanted.upperBound - start]
      }
    }
  }

  func finish() throws(MongoError) -> [UInt8] {
    try state.withLock { state throws(MongoError) in
      try state.sequence.finish()
      defer { state.bytes = [] }
      return state.bytes
    }
  }
}
