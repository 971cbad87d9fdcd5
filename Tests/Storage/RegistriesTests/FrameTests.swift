import Basics
import Foundation
import Synchronization
import Testing

@testable import Registries

/// Data sets in frames: whatever the sizes, every range is what was put, and what was altered is refused.
@Suite struct FrameTests {
  /// A file in frames, in memory.
  struct Kept: Sendable {
    var index: FrameIndex
    var stored: [UInt8]

    init(_ raw: [UInt8], frameSize: Int) throws {
      let codec = FrameCodec()
      var builder = FrameIndex.Builder(frameSize: frameSize)
      var stored: [UInt8] = []
      for start in stride(from: 0, to: raw.count, by: frameSize) {
        let frame = raw[start..<min(start + frameSize, raw.count)].withUnsafeBytes { codec.compress($0) }
        try builder.append(frame)
        stored += frame.bytes
      }
      index = builder.finish()
      self.stored = stored
    }

    func reader(_ codec: FrameCodec = FrameCodec()) -> FrameReader {
      FrameReader(index: index, codec: codec, what: "data set d", name: "x.csv") { [stored] in Array(stored[$0]) }
    }
  }

  /// Some of it shrinks, some does not.
  static func bytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let run = Int.random(in: 1...400, using: &random)
      if Bool.random(using: &random) {
        bytes += [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: run)
      } else {
        bytes += (0..<run).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
    }
    return Array(bytes.prefix(count))
  }

  @Test func anyRangeOfAnySizeIsWhatWasPut() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    for round in 0..<150 {
      let frameSize = Int.random(in: 1...500, using: &random)
      // The edges of frames too.
      let size =
        Bool.random(using: &random)
        ? frameSize * Int.random(in: 0...6, using: &random) : Int.random(in: 0...3000, using: &random)
      let raw = Self.bytes(size, &random)
      let kept = try Kept(raw, frameSize: frameSize)
      let index = try #require(FrameIndex(packed: kept.index.packed), "seed \(seed), round \(round)")
      #expect(index == kept.index, "seed \(seed), round \(round)")
      #expect(index.rawSize == size && index.storedSize == kept.stored.count, "seed \(seed), round \(round)")
      for _ in 0..<8 {
        let first = Int.random(in: 0...size + 10, using: &random)
        let range = first..<first + Int.random(in: 0...size + 10, using: &random)
        let read = try await kept.reader().bytes(range)
        #expect(read == Array(raw[range.clamped(to: 0..<size)]), "seed \(seed), round \(round), \(range)")
      }
    }
  }

  @Test func aRangeNeedsOnlyItsFrames() async throws {
    var random = SplitMix64(seed: 1)
    let kept = try Kept(Self.bytes(1000, &random), frameSize: 100)
    let fetched = Mutex<[Range<Int>]>([])
    let reader = FrameReader(index: kept.index, codec: FrameCodec(), what: "d", name: "x") { range in
      fetched.withLock { $0.append(range) }
      return Array(kept.stored[range])
    }
    _ = try await reader.bytes(250..<301)
    #expect(fetched.withLock { $0 } == [kept.index.storedRange(of: 2..<4)])
    _ = try await reader.bytes(1000..<2000)
    #expect(fetched.withLock { $0.count } == 1)
    #expect(kept.index.groups(of: 0..<10, bytes: 1, most: 5).count == 10)
    #expect(kept.index.groups(of: 2..<9, bytes: .max, most: 4) == [2..<6, 6..<9])
  }

  @Test func alteredBytesAreRefusedWithTheirPlace() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let raw = Self.bytes(2000, &random)
    let whole = try Kept(raw, frameSize: 300)
    for round in 0..<300 {
      var kept = whole
      let place = Int.random(in: 0..<kept.stored.count, using: &random)
      kept.stored[place] ^= UInt8.random(in: 1...255, using: &random)
      do {
        let read = try await kept.reader().bytes(0..<2000)
        // A bit of a frame that means nothing may be altered; the bytes may not.
        #expect(read == raw, "seed \(seed), round \(round)")
      } catch {
        guard case .damaged("data set d", let detail) = error else {
          Issue.record("\(error), seed \(seed), round \(round)")
          continue
        }
        let frame = try #require((0..<kept.index.count).first { kept.index.storedRange(of: $0).contains(place) })
        let bytes = kept.index.rawRange(of: frame)
        #expect(
          detail.hasPrefix("bytes \(bytes.lowerBound) to \(bytes.upperBound - 1) of x.csv"),
          "seed \(seed), round \(round)")
      }
    }
  }

  @Test func swappedFramesAreRefused() async throws {
    // Frames of the same length in each other's place decompress, and are not what they should be.
    let raw = (0..<400).map { UInt8($0 / 100) }
    var kept = try Kept(raw, frameSize: 100)
    let (first, second) = (kept.index.storedRange(of: 1), kept.index.storedRange(of: 2))
    try #require(first.count == second.count)
    let frame = Array(kept.stored[first])
    kept.stored.replaceSubrange(first, with: kept.stored[second])
    kept.stored.replaceSubrange(second, with: frame)
    let reader = kept.reader()
    #expect(try await reader.bytes(0..<100) == Array(raw[0..<100]))
    await #expect(
      throws: RegistryError.damaged(
        what: "data set d", detail: "bytes 100 to 199 of x.csv have another checksum than when they were written")
    ) { try await reader.bytes(0..<400) }
  }

  @Test func anIndexThatContradictsItselfIsNone() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let index = try Kept(Self.bytes(1000, &random), frameSize: 128).index
    for size in 0..<index.packed.count { #expect(FrameIndex(packed: Array(index.packed.prefix(size))) == nil) }
    #expect(FrameIndex(packed: index.packed + [0]) == nil)
    for round in 0..<3000 {
      var packed = index.packed
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        packed[Int.random(in: 0..<packed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      // Whatever is taken for an index can be asked for any range.
      guard let found = FrameIndex(packed: packed) else { continue }
      let frames = found.frames(holding: 0..<Int.max)
      #expect(found.count == frames.count, "seed \(seed), round \(round)")
      #expect(found.frameSize <= FrameIndex.largestFrame, "seed \(seed), round \(round)")
      #expect(found.storedRange(of: frames).upperBound == found.storedSize, "seed \(seed), round \(round)")
    }
    // Sizes that no file has must not lead to memory for them.
    var huge = index.packed
    huge.replaceSubrange(8..<16, with: [UInt8](repeating: 255, count: 8))
    #expect(FrameIndex(packed: huge) == nil)
    huge.replaceSubrange(8..<16, with: [255, 255, 255, 255, 255, 255, 255, 127])
    #expect(FrameIndex(packed: huge) == nil)
  }

  @Test func aFrameThatWouldBeLargerThanItsPlaceIsRefused() {
    let codec = FrameCodec()
    let zeros = [UInt8](repeating: 0, count: 1 << 20).withUnsafeBytes { codec.compress($0) }
    #expect(zeros.bytes.count < 1000)
    for size in [0, 1, 1000, 1 << 20 - 1, 1 << 20 + 1] {
      var place = [UInt8](repeating: 7, count: size + 16)
      let fits = place.withUnsafeMutableBytes { place in
        zeros.bytes.withUnsafeBytes { codec.decompress($0, into: .init(rebasing: place[..<size])) }
      }
      #expect(!fits, "\(size)")
      #expect(place.suffix(16).allSatisfy { $0 == 7 }, "\(size)")
    }
    // Two frames are not one.
    var both = [UInt8](repeating: 0, count: 2 << 20)
    let two = zeros.bytes + zeros.bytes
    #expect(!both.withUnsafeMutableBytes { both in two.withUnsafeBytes { codec.decompress($0, into: both) } })
  }

  @Test func bytesThatDoNotShrinkCostNextToNothing() {
    var random = SplitMix64(seed: 3)
    let raw = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let frame = raw.withUnsafeBytes { FrameCodec().compress($0) }
    #expect(frame.bytes.count < raw.count + raw.count / 1000)
  }

  @Test func aFileOfTooManyFramesSaysSo() throws {
    var builder = FrameIndex.Builder(frameSize: 1)
    let frame = StoredFrame(bytes: [1], rawSize: 1, sha256: [UInt8](repeating: 0, count: 32))
    for _ in 0..<FrameIndex.largestFile(frameSize: 1) { try builder.append(frame) }
    do {
      try builder.append(frame)
      Issue.record("an index without end")
    } catch {
      #expect(error.reason == "TooLargeForRegistry")
      #expect(!error.retryable)
    }
    let index = builder.finish()
    #expect(index.packed.count < 13 << 20)
    #expect(FrameIndex(packed: index.packed) != nil)
    #expect(FrameIndex.largestFile(frameSize: DatasetFiles.frameSize) > 256 << 30)
  }

  @Test func aPartThatWasCutOffIsGoneOnWith() async throws {
    let place = try TemporaryDirectory()
    var random = SplitMix64(seed: 5)
    let raw = Self.bytes(5000, &random)
    let kept = try Kept(raw, frameSize: 250)
    let fetched = Mutex(0)
    let reader = FrameReader(index: kept.index, codec: FrameCodec(), what: "d", name: "x") { range in
      fetched.withLock { $0 += range.count }
      return Array(kept.stored[range])
    }
    let path = place.url.appending(path: "part").path
    // Two frames are there, one of them altered, and a hole behind them.
    try Data(raw[..<250] + raw[250..<499] + [raw[499] ^ 1]).write(to: URL(filePath: path))
    let told = Mutex<[Int]>([])
    let meter = TransferMeter(total: 5000) { transfer in told.withLock { $0.append(transfer.done) } }
    let part = try PartFile(path)
    try await reader.copy(to: part, meter)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(raw))
    #expect(fetched.withLock { $0 } == kept.index.storedSize - kept.index.storedRange(of: 0).count)
    #expect(told.withLock { $0 == $0.sorted() && $0.last == 5000 })
  }
}
