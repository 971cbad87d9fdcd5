import Testing

@testable import Learning

@Suite struct CSVTableTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let rows: [[String]]
  }

  static let examples = [
    Example(testDescription: "plain", text: "a,b\n1,2\n3,4\n", rows: [["1", "2"], ["3", "4"]]),
    Example(testDescription: "no newline at the end", text: "a,b\n1,2", rows: [["1", "2"]]),
    Example(testDescription: "CRLF", text: "a,b\r\n1,2\r\n", rows: [["1", "2"]]),
    Example(testDescription: "lone CR", text: "a,b\r1,2\r3,4", rows: [["1", "2"], ["3", "4"]]),
    Example(testDescription: "byte order mark", text: "\u{FEFF}a,b\n1,2\n", rows: [["1", "2"]]),
    Example(testDescription: "empty cells", text: "a,b\n,\n1,\n", rows: [["", ""], ["1", ""]]),
    Example(testDescription: "empty lines", text: "\n\na,b\n\n1,2\n\n\n", rows: [["1", "2"]]),
    Example(testDescription: "quoted comma", text: "a,b\n\"1,5\",2\n", rows: [["1,5", "2"]]),
    Example(testDescription: "quoted line break", text: "a,b\n\"x\r\ny\",2\n", rows: [["x\r\ny", "2"]]),
    Example(testDescription: "doubled quotes", text: "a,b\n\"say \"\"hi\"\"\",2\n", rows: [["say \"hi\"", "2"]]),
    Example(testDescription: "empty quoted cell", text: "a,b\n\"\",\"\"\n", rows: [["", ""]]),
    Example(testDescription: "quote inside an unquoted cell", text: "a,b\n5\" pipe,2\n", rows: [["5\" pipe", "2"]]),
    Example(
      testDescription: "text after a closing quote", text: "a,b\n\"The \"Best\" of\",2\n\"x \"y\"\",3\n",
      rows: [["The \"Best\" of", "2"], ["x \"y\"", "3"]]),
    Example(testDescription: "UTF-8", text: "a,b\nÄpfel,東京\n", rows: [["Äpfel", "東京"]]),
  ]

  @Test(arguments: examples) func cellsAreFound(example: Example) throws {
    let table = try CSVTable(text: example.text)
    #expect(table.columns == ["a", "b"])
    #expect(rows(table) == example.rows)
  }

  private func rows(_ table: CSVTable) -> [[String]] {
    (0..<table.rowCount).map { row in table.columns.indices.map { table.text(row: row, column: $0) } }
  }

  @Test func unnamedColumnsAreNumbered() throws {
    #expect(try CSVTable(text: ",b, \n1,2,3\n").columns == ["column1", "b", "column3"])
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", LearningError.raggedLine(line: 3, expected: 2, found: 1)),
    ("a,b\n1,2,3\n", .raggedLine(line: 2, expected: 2, found: 3)),
    ("a,b\n\"x\ny\",1\n\n9\n", .raggedLine(line: 5, expected: 2, found: 1)),
    ("a,b\r\n\"x\r\ny\",1\r\n9\r\n", .raggedLine(line: 4, expected: 2, found: 1)),
    ("a,b\n1,\"2\n3,4\n", .malformedQuote(line: 2, detail: "a quote that is opened here is never closed")),
    ("a,a\n1,2\n", .duplicateColumn(name: "a")),
    ("", .emptyDataset(detail: "the file has no header line")),
    ("\u{FEFF}\n\n", .emptyDataset(detail: "the file has no header line")),
  ])
  func badFilesNameTheirLine(text: String, expected: LearningError) {
    #expect(Fixtures.error { () throws(LearningError) in try CSVTable(text: text) } == expected)
  }

  @Test(arguments: 0..<60) func whatIsWrittenIsReadBack(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let pieces = ["", "x", ",", "\"", "\n", "\r\n", "ä", " ", "1.5", "\"\"", "\r", "東"]
    let width = 2 + random.below(4)
    let ends = ["\n", "\r\n"][random.below(2)]
    let cells = (0..<(1 + random.below(8))).map { _ in
      (0..<width).map { _ in (0..<random.below(5)).map { _ in pieces[random.below(pieces.count)] }.joined() }
    }
    let header = (0..<width).map { "c\($0)" }
    let text = ([header] + cells).map { $0.map(CSVText.escaped).joined(separator: ",") + ends }.joined()
    let table = try CSVTable(text: text)
    #expect(table.columns == header, "seed \(seed)")
    #expect(rows(table) == cells, "seed \(seed)")
  }

  @Test(arguments: 0..<200) func noBytesCrashTheReader(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let alphabet: [UInt8] = [0, 10, 13, 34, 44, 49, 65, 0xEF, 0xBB, 0xBF, 0xFF]
    let bytes = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
    do {
      let table = try CSVTable(buffer: ByteBuffer(bytes))
      for row in rows(table) { #expect(row.count == table.columns.count, "seed \(seed)") }
    } catch {
      #expect(
        ["RaggedLine", "MalformedQuote", "DuplicateColumn", "EmptyDataset"].contains(error.reason), "seed \(seed)")
    }
  }
}
