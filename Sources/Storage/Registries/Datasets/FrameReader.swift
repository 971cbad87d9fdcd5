/// Reads parts of a file that is kept in frames: what it gives is what the index vouches for.
struct FrameReader: Sendable {
  let index: FrameIndex
  let codec: FrameCodec
  /// What is read, for errors: `data set iris`.
  let what: String
  /// The file's name in the data set.
  let name: String
  /// Fetches some of the stored bytes, all of them or none.
  let fetch: @Sendable (Range<Int>) async throws(RegistryError) -> [UInt8]

  /// Fetches that are under way at once, and stored bytes of one. With more of either, a process with ranges of 8 MiB would
  /// take more than 64 MiB.
  private static let width = 3
  private static let fetchSize = (1 << 20) + (1 << 16)
  /// Frames of one fetch: what shrinks well is divided among the threads too.
  private static let fetchFrames = 4

  private func groups(of range: Range<Int>) -> [Range<Int>] {
    index.groups(of: index.frames(holding: range), bytes: Self.fetchSize, most: Self.fetchFrames)
  }

  /// Those of the file's bytes that are in `range`, and there.
  func bytes(_ range: Range<Int>) async throws(RegistryError) -> [UInt8] {
    let range = range.clamped(to: 0..<index.rawSize)
    let bytes = RangeBytes(range)
    try await together(Self.width, groups(of: range)) { group async throws(RegistryError) in
      try open(group, try await fetch(index.storedRange(of: group))) { bytes.put($0, at: $1) }
    }
    return bytes.take()
  }

  /// Brings the file to `part`, where frames may be already from an earlier attempt. What is there is told as well.
  func copy(to part: PartFile, _ meter: TransferMeter) async throws(RegistryError) {
    let isNew = part.size == 0
    try part.resize(to: index.rawSize)
    try await together(Self.width, groups(of: 0..<index.rawSize)) { group async throws(RegistryError) in
      for missing in isNew ? [group] : try absent(from: part, of: group, meter) {
        let stored = try await fetch(index.storedRange(of: missing))
        try open(missing, stored) { raw, place throws(RegistryError) in
          try part.write(raw, at: place.lowerBound)
          meter.add(raw.count)
        }
      }
    }
  }

  /// Reads all of it and keeps nothing: whether it is what it was.
  func verify() async throws(RegistryError) {
    try await together(Self.width, groups(of: 0..<index.rawSize)) { group async throws(RegistryError) in
      try open(group, try await fetch(index.storedRange(of: group))) { _, _ in }
    }
  }

  /// Those of some frames that `part` has not, in ranges without gaps.
  private func absent(
    from part: PartFile, of frames: Range<Int>, _ meter: TransferMeter
  ) throws(RegistryError) -> [Range<Int>] {
    var absent: [Range<Int>] = []
    for frame in frames {
      let raw = index.rawRange(of: frame)
      let found = withUnsafeTemporaryAllocation(byteCount: raw.count, alignment: 16) { buffer in
        Result { () throws(RegistryError) in
          try part.read(into: buffer, at: raw.lowerBound) == raw.count
            && index.vouches(for: UnsafeRawBufferPointer(buffer), of: frame)
        }
      }
      if try found.get() {
        meter.add(raw.count)
      } else if let last = absent.last, last.upperBound == frame {
        absent[absent.count - 1] = last.lowerBound..<frame + 1
      } else {
        absent.append(frame..<frame + 1)
      }
    }
    return absent
  }

  /// Decompresses and verifies frames one after the other.
  /// - Parameters:
  ///   - stored: their stored bytes.
  ///   - body: called with each one's bytes, and which of the file's they are.
  private func open(
    _ frames: Range<Int>, _ stored: [UInt8],
    _ body: (UnsafeRawBufferPointer, Range<Int>) throws(RegistryError) -> Void
  ) throws(RegistryError) {
    let first = index.storedRange(of: frames).lowerBound
    let outcome = withUnsafeTemporaryAllocation(byteCount: index.frameSize, alignment: 16) { buffer in
      stored.withUnsafeBytes { stored in
        Result { () throws(RegistryError) in
          for frame in frames {
            let place = index.storedRange(of: frame)
            let raw = UnsafeMutableRawBufferPointer(rebasing: buffer[..<index.rawRange(of: frame).count])
            let bytes = UnsafeRawBufferPointer(rebasing: stored[place.lowerBound - first..<place.upperBound - first])
            guard codec.decompress(bytes, into: raw) else { throw damaged(frame, "cannot be decompressed") }
            guard index.vouches(for: UnsafeRawBufferPointer(raw), of: frame) else {
              throw damaged(frame, "have another checksum than when they were written")
            }
            try body(UnsafeRawBufferPointer(raw), index.rawRange(of: frame))
          }
        }
      }
    }
    try outcome.get()
  }

  private func damaged(_ frame: Int, _ detail: String) -> RegistryError {
    let raw = index.rawRange(of: frame)
    return .damaged(what: what, detail: "bytes \(raw.lowerBound) to \(raw.upperBound - 1) of \(name) \(detail)")
  }
}
