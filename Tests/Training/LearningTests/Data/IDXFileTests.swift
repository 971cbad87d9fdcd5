import CZlib
import Foundation
import Testing
import TrainingDefinition

@testable import Learning

@Suite struct IDXFileTests {
  static func idx(_ shape: [Int], _ body: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)]
      + shape.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } } + body
  }

  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    #expect(czlib_deflate_init_gzip(&stream) == Z_OK)
    defer { deflateEnd(&stream) }
    var source = bytes
    var target = [UInt8](repeating: 0, count: bytes.count + 200)
    let room = target.count
    let written = source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(room)
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return room - Int(stream.avail_out)
      }
    }
    return Array(target[..<written])
  }

  private func decode(_ bytes: [UInt8]) throws(LearningError) -> IDXFile {
    try IDXFile.decode(ByteBuffer(bytes), path: "x")
  }

  @Test(arguments: [false, true]) func elementsAreRead(compressed: Bool) throws {
    let plain = Self.idx([2, 2, 3], Array(1...12))
    let file = try decode(compressed ? Self.gzip(plain) : plain)
    #expect(file.shape == [2, 2, 3])
    #expect(file.itemSize == 6)
    #expect(file.elements.array == Array(1...12))
  }

  @Test(
    arguments: [
      ([], "shorter than its header"),
      ([0, 0, 8], "shorter than its header"),
      ([0, 0, 8, 2, 0, 0], "shorter than its header"),
      ([1, 0, 8, 1, 0, 0, 0, 0], "two zero bytes"),
      (IDXFileTests.idx([1], [1], type: 13), "element type is 13"),
      ([0, 0, 8, 0], "0 dimensions"),
      ([0, 0, 8, 200], "200 dimensions"),
      (IDXFileTests.idx([5], [1, 2, 3]), "claims 5 elements; there are 3"),
      (IDXFileTests.idx([2], [1, 2, 3]), "data after the 2 elements"),
      (IDXFileTests.idx([1 << 31, 1 << 31, 1 << 31], []), "claims more than"),
      (IDXFileTests.idx([0, 1 << 31, 1 << 31, 1 << 31], []), "claims more than"),
      (IDXFileTests.idx([0, 1 << 31, 1 << 31], []), "claims more than"),
      (IDXFileTests.idx([1 << 30, 4], []), "claims 4294967296 elements; there are 0"),
    ] as [([UInt8], String)])
  func badHeadersAreNamed(bytes: [UInt8], expected: String) {
    for candidate in [bytes, Self.gzip(bytes)] {
      let error = Fixtures.error { () throws(LearningError) in try decode(candidate) }
      #expect(error?.reason == "BadIDX")
      #expect(error?.message.contains(expected) == true, "\(error?.message ?? "none")")
    }
  }

  @Test func cutAndDamagedGzipIsNamed() {
    let whole = Self.gzip(Self.idx([200], (0..<200).map { UInt8($0) }))
    let cut = Fixtures.error { () throws(LearningError) in try decode(Array(whole.dropLast(60))) }
    #expect(cut?.message.contains("ends in the middle") == true)
    var damaged = whole
    damaged[20] ^= 0xFF
    damaged[21] ^= 0xFF
    let error = Fixtures.error { () throws(LearningError) in try decode(damaged) }
    #expect(error?.reason == "BadIDX")
  }

  @Test func membersOfGzipAreOneTextAndNothingElseFollows() throws {
    let plain = Self.idx([200], (0..<200).map { UInt8($0) })
    let members = Self.gzip(Array(plain[..<50])) + Self.gzip(Array(plain[50...]))
    #expect(try decode(members).elements.array == Array(plain[8...]))
    for rest in [[0], [0x1F], [1, 2, 3, 4]] as [[UInt8]] {
      let error = Fixtures.error { () throws(LearningError) in try decode(Self.gzip(plain) + rest) }
      #expect(error?.message.contains("data after the gzip data") == true)
    }
    // A checksum that is not that of the data.
    var damaged = Self.gzip(plain)
    damaged[damaged.count - 6] ^= 1
    #expect(Fixtures.error { () throws(LearningError) in try decode(damaged) }?.message.contains("damaged") == true)
  }

  @Test(arguments: 0..<200) func noBytesCrashTheReader(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes = Self.idx([2, 3], Array(1...6))
    for _ in 0..<(1 + random.below(3)) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
    do {
      let file = try decode(random.below(2) == 0 ? bytes : Self.gzip(bytes))
      #expect(file.elements.count == file.shape.reduce(1, *), "seed \(seed)")
    } catch {
      #expect(error.reason == "BadIDX", "seed \(seed)")
    }
  }
}

@Suite struct ImageDatasetTests {
  private let images = IDXFileTests.idx([4, 1, 2], [0, 255, 51, 102, 0, 0, 9, 9])
  private let labels = IDXFileTests.idx([4], [7, 3, 7, 3])

  private func load(
    _ files: [String: [UInt8]], uri: String, testFraction: Double = 0
  ) throws -> Result<Dataset, LearningError> {
    try Fixtures.withDirectory { root in
      for (name, bytes) in files { try Data(bytes).write(to: root.appending(path: name)) }
      return Result { () throws(LearningError) in
        var request = DatasetRequest(uri: uri, format: "IDX", testFraction: testFraction)
        request.seed = 1
        return try DatasetLoader.load(request, dataRoot: root)
      }
    }
  }

  @Test func aDirectoryKeepsItsTestSet() throws {
    let dataset = try load(
      [
        "train-images-idx3-ubyte": images, "train-labels-idx1-ubyte.gz": IDXFileTests.gzip(labels),
        "t10k-images-idx3-ubyte": IDXFileTests.idx([1, 1, 2], [1, 2]),
        "t10k-labels-idx1-ubyte": IDXFileTests.idx([1], [3]),
      ], uri: ".", testFraction: 0.5
    ).get()
    #expect(dataset.train.count == 4)
    #expect(dataset.test.count == 1)
    #expect(dataset.preprocessing.classes == ["3", "7"])
    #expect(dataset.train.labels == [1, 0, 1, 0])
    let row = FloatBuffer(count: 2)
    dataset.train.copyRows(from: 1, count: 1, into: row.base)
    #expect(row.array == [51 * ImageDataset.scale, 102 * ImageDataset.scale])
  }

  @Test func oneFileFindsItsLabelsAndIsSplit() throws {
    let dataset = try load(
      ["my-images-idx3-ubyte": images, "my-labels-idx1-ubyte": labels], uri: "my-images-idx3-ubyte",
      testFraction: 0.25
    ).get()
    #expect(dataset.train.count == 3)
    #expect(dataset.test.count == 1)
  }

  @Test func mismatchesAreNamed() throws {
    let short = try load(
      ["x-images-idx3-ubyte": images, "x-labels-idx1-ubyte": IDXFileTests.idx([3], [1, 2, 3])],
      uri: "x-images-idx3-ubyte")
    #expect(throws: LearningError.self) { try short.get() }
    if case .failure(let error) = short { #expect(error.message.contains("3 labels for 4 images")) }
    let single = try load(
      ["x-images-idx3-ubyte": images, "x-labels-idx1-ubyte": IDXFileTests.idx([4], [5, 5, 5, 5])],
      uri: "x-images-idx3-ubyte")
    if case .failure(let error) = single { #expect(error == .singleClass(label: "5", detail: "the data set has")) }
    #expect(throws: LearningError.self) { try single.get() }
    let missing = try load(["x-images-idx3-ubyte": images], uri: "x-images-idx3-ubyte")
    if case .failure(let error) = missing { #expect(error.reason == "FileUnreadable") }
    #expect(throws: LearningError.self) { try missing.get() }
  }
}
