import Foundation
import Testing

@testable import Learning

/// Damaged files, made from sound ones by seed: the readers give data or a typed error, the same in however many parts,
/// and no input takes long.
///
/// A few thousand inputs in the ordinary run; hack/fuzz has libFuzzer look for more. With TENSORFLEET_FUZZ_SECONDS each
/// test goes on for as long, and keeps the input under test in TENSORFLEET_FUZZ_INPUT, so that one that crashes the
/// process is there to be looked at.
@Suite struct FuzzTests {
  /// Makes inputs by changing what it is given.
  struct Mutator {
    var random: SeededRandom
    /// Pieces that mean something to the readers.
    static let pieces: [[UInt8]] = [
      [], [0x22], [0x22, 0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], [0xEF, 0xBB, 0xBF], [0xFF], [0xC3], [0],
      Array("nan".utf8), Array("-inf".utf8), Array("1e999".utf8), Array("true".utf8), Array("NA".utf8),
      Array("0.30000000000000004".utf8), Array("123456789012345678901234567890e-5".utf8), [0x1F, 0x8B],
      [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
    ]

    mutating func mutated(_ input: [UInt8]) -> [UInt8] {
      var bytes = input
      for _ in 0...random.below(5) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + random.below(12))
        switch random.below(6) {
        case 0: bytes.replaceSubrange(place..<end, with: Self.pieces[random.below(Self.pieces.count)])
        case 1: bytes.insert(contentsOf: Self.pieces[random.below(Self.pieces.count)], at: place)
        case 2: if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
        case 4: bytes.removeSubrange(place..<end)
        default: if random.below(8) == 0 { bytes.removeSubrange(place...) }
        }
      }
      return bytes
    }
  }

  private static let seconds = ProcessInfo.processInfo.environment["TENSORFLEET_FUZZ_SECONDS"].flatMap { Double($0) }
  private static let inputPath = ProcessInfo.processInfo.environment["TENSORFLEET_FUZZ_INPUT"]

  /// Calls `body` with inputs until the time or the number is reached, and checks how long each takes.
  private func fuzz(_ corpus: [[UInt8]], count: Int, _ body: ([UInt8], UInt64) throws -> Void) throws {
    let start = ContinuousClock.now
    var number: UInt64 = 0
    while Self.seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (number < UInt64(count)) {
      var mutator = Mutator(random: SeededRandom(seed: number, stream: 77))
      let input = mutator.mutated(corpus[mutator.random.below(corpus.count)])
      if let path = Self.inputPath { try Data(input).write(to: URL(filePath: path)) }
      let begin = ContinuousClock.now
      try body(input, number)
      #expect(ContinuousClock.now - begin < .seconds(5), "seed \(number)")
      number += 1
    }
  }

  private static let csvErrors: Set<String> = [
    "RaggedLine", "MalformedQuote", "DuplicateColumn", "NotANumber", "NonFiniteValue", "ValueOutOfRange",
    "TargetColumnMissing", "NoFeatureColumns", "EmptyDataset", "SingleClass", "TooManyClasses", "UnseenClass",
  ]

  @Test func damagedTablesAreReadOrRefused() throws {
    var corpus = (0..<20 as Range<UInt64>).map { seed in
      var random = SeededRandom(seed: seed, stream: 5)
      return Array(RandomTable(&random).text.utf8)
    }
    corpus.append(Array("x,y\n1,a\n2,b\n3,a\n".utf8))
    try fuzz(corpus, count: 1500) { input, seed in
      let results = [1, 4].map { parts in outcome(input, parts: parts) }
      #expect(results[0] == results[1], "seed \(seed)")
    }
  }

  /// What reading comes to, in words: the error, or a summary of the data.
  private func outcome(_ input: [UInt8], parts: Int) -> String {
    do throws(LearningError) {
      let table = try CSVTable(buffer: ByteBuffer(input))
      // The target may have been damaged: any last column will do.
      let request = Fixtures.request(target: table.columns.last, testFraction: 0.25)
      let dataset = try TableDataset.make(table, request: request, partCount: parts)
      guard case .table(let columns) = dataset.preprocessing.input, case .floats(let train) = dataset.train.features
      else {
        return "no table"
      }
      #expect(dataset.train.count + dataset.test.count <= table.rowCount)
      let isFinite = train.array.allSatisfy { $0.isFinite }
      #expect(isFinite)
      let encoded = try TableEncoder(columns: columns).encode(table)
      #expect(encoded.count == table.rowCount * columns.count)
      return "\(columns) \(dataset.preprocessing.classes) \(train.array)"
    } catch {
      #expect(Self.csvErrors.contains(error.reason), "\(error)")
      return error.description
    }
  }

  @Test func damagedImagesAreReadOrRefused() throws {
    let images = IDXFileTests.idx([3, 2, 2], (0..<12).map { UInt8($0) })
    let corpus = [images, IDXFileTests.idx([4], [1, 2, 3, 4]), IDXFileTests.gzip(images)]
    try fuzz(corpus, count: 10_000) { input, seed in
      do throws(LearningError) {
        let file = try IDXFile.decode(ByteBuffer(input), path: "x")
        #expect(file.elements.count == file.shape.reduce(1, *), "seed \(seed)")
        #expect(file.count * file.itemSize == file.elements.count, "seed \(seed)")
      } catch {
        #expect(error.reason == "BadIDX", "seed \(seed)")
      }
    }
  }

  @Test func everyNumberIsTheNearest() throws {
    // The quick ways of reading numbers beside the standard library's exact one.
    let corpus = ["1.5", "0.30000000000000004", "123456789012345678", "-7e-12", "9007199254740993", "1e22", "4.35"]
    try fuzz(corpus.map { Array($0.utf8) }, count: 10_000) { input, seed in
      var random = SeededRandom(seed: seed, stream: 78)
      let digits = (0..<(1 + random.below(21))).map { _ in "\(random.below(10))" }.joined()
      let texts = [String(decoding: input, as: UTF8.self), digits + "e\(random.below(90) - 45)", "0." + digits]
      for text in texts {
        var copy = text
        let number = copy.withUTF8 { CellParser.number($0) }
        guard let number else { continue }
        let exact = Double(text.trimmingCharacters(in: .whitespaces))
        #expect(number.bitPattern == exact?.bitPattern, "seed \(seed): \(text)")
      }
    }
  }
}
