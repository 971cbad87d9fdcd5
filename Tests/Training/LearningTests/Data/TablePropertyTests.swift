import Foundation
import Testing
import TrainingDefinition

@testable import Learning

/// Random tables, written by a writer of their own, are read as what they are, in however many parts.
@Suite struct TablePropertyTests {
  private func raw(_ table: CSVTable, parts: Int) throws(LearningError) -> [TableColumn] {
    try ColumnReader(source: table.source, layout: table.layout, partCount: parts)
      .read(columns: Array(table.columns.indices), categorical: [table.columns.count - 1])
  }

  private func values(_ column: TableColumn) -> [String] {
    var result: [String] = []
    column.forEachSegment { values, first, count in
      for row in 0..<count {
        let value = values[row]
        switch column.kind {
        case _ where value.isNaN: result.append("")
        case .category: result.append(column.categories[Int(value)])
        case .boolean: result.append(value == 1 ? "true" : "false")
        case .number: result.append("\(value)")
        }
      }
      return true
    }
    return result
  }

  @Test(arguments: 0..<60) func tablesAreReadAsTheyWereWritten(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let written = RandomTable(&random)
    let table = try CSVTable(text: written.text)
    #expect(table.columns == written.header, "seed \(seed)")
    #expect(table.rowCount == written.cells.count, "seed \(seed)")
    for row in written.cells.indices {
      #expect(table.columns.indices.map { table.text(row: row, column: $0) } == written.cells[row], "seed \(seed)")
    }
    for parts in [1, 2, 3, 7, 40] {
      for (place, column) in try raw(table, parts: parts).enumerated() {
        let expected = written.column(place).map { cell in
          switch column.kind {
          case .number: Double(cell.filter { $0 != " " }).map { "\($0)" } ?? ""
          case .boolean: cell.lowercased()
          case .category: cell
          }
        }
        #expect(values(column) == expected, "seed \(seed), \(parts) parts, column \(place)")
      }
    }
  }

  @Test(arguments: 0..<15) func partsAndFilesMakeNoDifference(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let text = RandomTable(&random).text
    var request = DatasetRequest(uri: "x.csv", targetColumn: "y", testFraction: 0.25)
    request.stratified = true
    request.seed = Int(seed)
    let whole = try TableDataset.make(try CSVTable(text: text), request: request, partCount: 1)
    let parts = try TableDataset.make(try CSVTable(text: text), request: request, partCount: 5)
    let file = try Fixtures.withDirectory { root in
      try Data(text.utf8).write(to: root.appending(path: "x.csv"))
      return try DatasetLoader.load(request, dataRoot: root)
    }
    for other in [parts, file] {
      #expect(other.preprocessing == whole.preprocessing, "seed \(seed)")
      #expect(other.train.labels == whole.train.labels, "seed \(seed)")
      #expect(floats(other.train) == floats(whole.train), "seed \(seed)")
      #expect(floats(other.test) == floats(whole.test), "seed \(seed)")
    }
  }

  private func floats(_ examples: Examples) -> [Float] {
    if case .floats(let buffer) = examples.features { return buffer.array }
    return []
  }

  @Test func recordsMayBeLongerThanAWindow() throws {
    let long = String(repeating: "ab\n\"\"", count: 300)
    let rows = (0..<20).map { "\"\(long)\($0 % 2)\",\($0 % 3)" }.joined(separator: "\n")
    let source = CSVSource(ByteBuffer(Array(("x,y\n" + rows).utf8)))
    let layout = try CSVLayout(source, header: true)
    let part = ColumnPart(width: 2, places: [0, 1], readings: [.codes, .numbers], start: layout.firstRow)
    part.read(source, limit: source.count, windowBytes: 64)
    #expect(part.error == nil)
    #expect(part.rowCount == 20)
    #expect(part.columns[0].interner.count == 2)
    #expect(part.end == source.count)
  }

  @Test(arguments: 1...40) func theFirstFlawIsNamedInHoweverManyParts(parts: Int) {
    var lines = (0..<200).map { "\($0),\"line\nbreak\",\($0 % 2)" }
    lines[120] = "120,1"
    lines[160] = "160,\"never closed"
    let text = "a,b,y\n" + lines.joined(separator: "\n")
    let source = CSVSource(ByteBuffer(Array(text.utf8)))
    let error = Fixtures.error { () throws(LearningError) in
      let layout = try CSVLayout(source, header: true)
      return try ColumnReader(source: source, layout: layout, partCount: parts).read(columns: [0, 1], categorical: [])
    }
    // Every row before it takes two lines.
    #expect(error == .raggedLine(line: 2 + 2 * 120, expected: 3, found: 2))
  }

  @Test func aWrongGuessIsCorrected() throws {
    // Numbers first, then texts; and the other way round.
    let late = (0..<30_000).map { "\($0 < 10_000 ? "1" : "t\($0 % 5)"),\($0 % 2)" }.joined(separator: "\n")
    #expect(try raw(try CSVTable(text: "x,y\n" + late), parts: 3)[0].kind == .category)
    let early = (0..<30_000).map { "\($0 < 1 ? "" : "\($0)"),\($0 % 2)" }.joined(separator: "\n")
    let column = try raw(try CSVTable(text: "x,y\nnull,0\n" + early), parts: 3)[0]
    #expect(column.kind == .number)
    #expect(column.segments.reduce(0) { $0 + $1.count } == 30_001)
  }
}
