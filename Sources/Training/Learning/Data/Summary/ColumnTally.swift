/// Takes the cells of one column as they pass.
///
/// What kind of column it is shows only at the end, so it is counted as both: as numbers and as texts. The rule is that of
/// ``ColumnReader``: nine in ten known cells are numbers.
struct ColumnTally {
  private var missing = 0
  private var known = 0
  /// Cells that hold a number or an infinity.
  private var numbers = 0
  private var infinities = 0
  private var statistics = RunningStatistics()
  private var differentNumbers: DistinctCounter
  private var differentTexts: DistinctCounter
  /// The first cell that is known and no number.
  private var firstText: String?

  /// - Parameter bound: of the different values that are counted.
  init(bound: Int) {
    differentNumbers = DistinctCounter(bound: bound)
    differentTexts = DistinctCounter(bound: bound)
  }

  mutating func take(_ cell: CSVCell) {
    if let number = CellParser.number(cell.bytes) {
      known += 1
      numbers += 1
      statistics.add(number)
      // Zero has two signs and is one value.
      differentNumbers.add((number == 0 ? 0 : number).bitPattern)
    } else if CellParser.isMissing(cell.bytes) {
      missing += 1
      return
    } else {
      known += 1
      if CellParser.isNotFinite(cell.bytes) {
        numbers += 1
        infinities += 1
      } else if firstText == nil {
        firstText = String(cell.text.prefix(40))
      }
    }
    differentTexts.add(Self.hash(cell))
  }

  /// Of 64 bits: among the few thousand texts that are counted two alike would be a freak.
  private static func hash(_ cell: CSVCell) -> UInt64 {
    var hasher = Hasher()
    if cell.hasDoubledQuotes {
      CSVText.undoubled(cell.bytes).withUnsafeBytes { hasher.combine(bytes: $0) }
    } else {
      hasher.combine(bytes: UnsafeRawBufferPointer(cell.bytes))
    }
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  private var isNumeric: Bool { known > 0 && Double(numbers) >= ColumnReader.numericShare * Double(known) }

  func summary(named name: String) -> ColumnSummary {
    guard isNumeric else {
      return ColumnSummary(name: name, kind: .text, missing: missing, distinct: differentTexts.count)
    }
    return ColumnSummary(
      name: name, kind: .number, missing: missing, distinct: differentNumbers.count, statistics: statistics)
  }

  /// What training would stumble over.
  func warnings(named name: String) -> [String] {
    guard isNumeric else { return [] }
    var warnings: [String] = []
    let texts = known - numbers
    if texts > 0, let firstText {
      warnings.append(
        "column \"\(name)\" is of numbers, and \(texts) of its \(known) values \(texts == 1 ? "is none" : "are none"), "
          + "such as \"\(firstText)\"")
    }
    if infinities > 0 {
      warnings.append("column \"\(name)\" has \(infinities) infinite value\(infinities == 1 ? "" : "s")")
    }
    return warnings
  }
}
