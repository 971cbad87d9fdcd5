import Basics
import Foundation
import Testing

@testable import Learning

@Suite struct TableSummaryTests {
  private func summary(
    _ text: String, header: Bool = true, windowBytes: Int = 1 << 18, maximumRecordBytes: Int = 64 << 20
  ) throws -> TableSummary {
    let path = FileManager.default.temporaryDirectory.appending(path: "summary-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    return try TableSummary.read(
      path: path.path, header: header, windowBytes: windowBytes, maximumRecordBytes: maximumRecordBytes)
  }

  @Test func statisticsAreThoseWorkedOutByHand() throws {
    let table = try summary("x,y,z\n2,a,TRUE\n4,\"b,\"\"q\"\"\",\n4,a,false\n4,,true\n5,NA,x\n5,a,x\n7,null,x\n9,c,x\n")
    #expect(table.rows == 8 && table.columns.map(\.name) == ["x", "y", "z"] && table.warnings.isEmpty)
    let x = table.columns[0]
    // The textbook's example: mean 5, population's deviation 2.
    #expect(x.kind == .number && x.missing == 0 && x.distinct == 5)
    #expect(
      x.statistics?.minimum == 2 && x.statistics?.maximum == 9 && x.statistics?.mean == 5
        && x.statistics?.deviation == 2)
    let y = table.columns[1]
    #expect(y.kind == .text && y.missing == 3 && y.distinct == 3 && y.statistics == nil)
    #expect(table.columns[2].missing == 1 && table.columns[2].distinct == 4)
  }

  @Test func equalNumbersAreOneValueHoweverTheyAreWritten() throws {
    let x = try summary("x\n1\n1.0\n1e0\n-0\n0\n\" 1\"\n").columns[0]
    #expect(x.kind == .number && x.distinct == 2)
  }

  @Test func whatTrainingWouldRefuseIsWarnedOf() throws {
    let numbers = (1...20).map { "\($0)" }.joined(separator: "\n")
    let slip = try summary("x\n\(numbers)\noops\ninf\n")
    #expect(slip.columns[0].kind == .number && slip.columns[0].statistics?.maximum == 20 && slip.rows == 22)
    #expect(
      slip.warnings == [
        "column \"x\" is of numbers, and 1 of its 22 values is none, such as \"oops\"",
        "column \"x\" has 1 infinite value",
      ])
    let ragged = try summary("a,b\n1,2\n3\n4,5,6\n\n7,8\n")
    #expect(ragged.rows == 2 && ragged.columns.map { $0.statistics?.mean } == [4, 5])
    #expect(ragged.warnings == ["2 rows are left out, the first of them: line 3 has 1 cells, not 2"])
    let last = try summary("a,b\n1,2\n3")
    #expect(last.rows == 1 && last.warnings.count == 1)
    let open = try summary("a,b\n1,2\n3,\"x\n4,5\n")
    #expect(
      open.rows == 1
        && open.warnings == ["nothing from line 3 on can be read: a quote that is opened there is never closed"])
  }

  @Test func aFileWithoutColumnsHasNoSummary() throws {
    #expect(throws: LearningError.self) { try summary("") }
    #expect(throws: LearningError.duplicateColumn(name: "a")) { try summary("a,a\n1,2\n") }
    let empty = try summary("a,b\n")
    #expect(empty.rows == 0 && empty.columns.map(\.kind) == [.text, .text] && empty.columns[0].distinct == 0)
  }

  @Test func memoryIsBoundedWhereAQuoteSwallowsTheFile() throws {
    let text = "a,b\n1,2\n3,\"" + String(repeating: "x\n", count: 5000)
    let table = try summary(text, windowBytes: 64, maximumRecordBytes: 1024)
    #expect(
      table.rows == 1
        && table.warnings.first?.hasPrefix("nothing from line 3 on can be read: a record there is longer") == true)
  }

  @Test func moreValuesThanAreCountedAreMany() throws {
    let rows = (0...TableSummary.distinctBound).map { "\($0),\($0 % 7)" }.joined(separator: "\n")
    let table = try summary("id,k\n\(rows)\n")
    #expect(table.columns[0].distinct == nil && table.columns[1].distinct == 7)
    #expect(table.columns[0].statistics?.count == TableSummary.distinctBound + 1)
  }

  @Test func statisticsEqualThoseOfANaiveComputation() throws {
    let seed = UInt64.random(in: 0 ..< .max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      let columns = Int.random(in: 1...4, using: &random)
      let rows = Int.random(in: 0...200, using: &random)
      let offset = [0, 1e9, -1e6][Int.random(in: 0...2, using: &random)]
      var values: [[Double?]] = []
      var lines = [(0..<columns).map { "c\($0)" }.joined(separator: ",")]
      var good = 0
      for _ in 0..<rows {
        if columns > 1, Int.random(in: 0..<20, using: &random) == 0 {
          lines.append("only one")
          continue
        }
        good += 1
        let row = (0..<columns).map { column -> Double? in
          column > 0 && Int.random(in: 0..<8, using: &random) == 0
            ? nil : offset + Double(Int.random(in: -50...50, using: &random)) / 4
        }
        values.append(row)
        lines.append(row.map { $0.map { "\($0)" } ?? "" }.joined(separator: ","))
      }
      let window = Int.random(in: 16...400, using: &random)
      let table = try summary(lines.joined(separator: "\n"), windowBytes: window)
      #expect(table.rows == good, "seed \(seed)")
      for column in 0..<columns {
        let known = values.compactMap { $0[column] }
        let found = table.columns[column]
        #expect(found.missing == good - known.count, "seed \(seed)")
        guard !known.isEmpty else { continue }
        let mean = known.reduce(0, +) / Double(known.count)
        let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
        #expect(found.distinct == Set(known).count && found.statistics?.minimum == known.min(), "seed \(seed)")
        #expect(found.statistics?.maximum == known.max(), "seed \(seed)")
        #expect(abs((found.statistics?.mean ?? .nan) - mean) <= 1e-12 * max(1, abs(mean)), "seed \(seed)")
        #expect(abs((found.statistics?.deviation ?? .nan) - deviation) <= 1e-6 * max(1, deviation), "seed \(seed)")
      }
    }
  }

  @Test func valuesTakenTogetherAreAsTakenOneByOne() {
    var (one, many) = (RunningStatistics(), RunningStatistics())
    for (value, times) in [(1.0, 3), (255, 2), (0, 5), (7, 0)] {
      for _ in 0..<times { one.add(value) }
      many.add(value, times: times)
    }
    #expect(one.count == many.count && one.minimum == many.minimum && one.maximum == many.maximum)
    #expect(
      abs((one.mean ?? 0) - (many.mean ?? 1)) < 1e-12 && abs((one.deviation ?? 0) - (many.deviation ?? 1)) < 1e-12)
    #expect(RunningStatistics().mean == nil && RunningStatistics().deviation == nil)
  }

  // MARK: Images

  private func idx(_ name: String, _ shape: [Int], _ bytes: [UInt8], in directory: URL) throws {
    var data = Data([0, 0, 8, UInt8(shape.count)])
    for size in shape { data += Data([0, 0, UInt8(size >> 8), UInt8(size & 255)]) }
    try (data + Data(bytes)).write(to: directory.appending(path: name))
  }

  @Test func imagesAreCountedPixelByPixel() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "summary-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try idx("images", [2, 1, 2], [0, 10, 20, 30], in: directory)
    try idx("labels", [3], [1, 1, 4], in: directory)
    let paths = ["images", "labels"].map { directory.appending(path: $0).path }
    let summary = try ImageSummary.read(paths: paths)
    #expect(summary.rows == 2 && summary.columns.map(\.name) == ["image 1x2", "label"])
    #expect(summary.columns[0].statistics?.mean == 15 && summary.columns[0].distinct == 4)
    #expect(summary.columns[1].statistics?.maximum == 4 && summary.columns[1].distinct == 2)
    #expect(summary.warnings == ["there are 3 labels for 2 images"])
    try idx("short", [9], [1], in: directory)
    #expect(throws: LearningError.self) { try ImageSummary.read(paths: [directory.appending(path: "short").path]) }
  }
}

/// The library's generator as Swift's own functions take it.
private struct SeededGenerator: RandomNumberGenerator {
  private var source: SplitMix64
  init(seed: UInt64) { source = SplitMix64(seed: seed) }
  mutating func next() -> UInt64 { source.next() }
}
