import Testing

@testable import Learning

@Suite struct CellParserTests {
  private func number(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { CellParser.number($0) }
  }

  @Test(arguments: [
    ("0", 0), ("-0.5", -0.5), ("+3", 3), (" 7\t", 7), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1.5E-2", 0.015),
    ("123456789012345678901234567890", 1.2345678901234568e29), ("9007199254740993", 9_007_199_254_740_992),
    ("0.1", 0.1), ("1e-5000", 0),
  ]) func numbersAreReadExactly(text: String, expected: Double) { #expect(number(text) == expected) }

  @Test(arguments: [
    "", " ", "-", ".", "e5", "1e", "1e+", "1,5", "0x10", "inf", "-Infinity", "1e999", "1.2.3", "12a", "--1", "1 2",
  ]) func otherTextIsNoNumber(text: String) { #expect(number(text) == nil) }

  @Test(arguments: 0..<300) func everyPrintedDoubleIsReadBack(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let value = Double(bitPattern: random.next())
    guard value.isFinite else { return }
    #expect(number("\(value)") == value, "seed \(seed)")
  }

  @Test(arguments: ["", "  ", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", " NA "])
  func unknownCellsAreKnown(text: String) {
    var text = text
    #expect(text.withUTF8 { CellParser.isMissing($0) })
  }

  @Test(arguments: ["0", "na", "Na", "none", "nil", "N.A.", "-"]) func otherCellsHaveAValue(text: String) {
    var text = text
    #expect(!text.withUTF8 { CellParser.isMissing($0) })
  }
}
