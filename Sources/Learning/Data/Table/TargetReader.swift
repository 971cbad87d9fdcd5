/// Reads the target column as classes.
///
/// Whatever the column holds is a label. Labels that are all numbers are ordered by value, and spellings of one number
/// ("1" and "1.0") are one class under the spelling seen first; other labels are ordered by their UTF-8 bytes.
struct TargetReader {
  /// A class number a row, −1 where the cell is not known.
  var labels: [Int32]
  var classes: [String]

  /// A target with more different values is a measurement.
  static let maximumClasses = 1024

  /// - Throws: `tooManyClasses`.
  static func read(_ table: CSVTable, column: Int) throws(LearningError) -> TargetReader {
    let raw = ColumnReader.categories(table, column: column)
    var names = raw.categories
    var classOfName = Array(names.indices)
    let numbers = names.map { name in
      var text = name
      return text.withUTF8 { CellParser.number($0) }
    }
    let known = numbers.compactMap { $0 }
    if known.count == names.count {
      let distinct = Array(Set(known)).sorted()
      let place = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
      classOfName = known.map { place[$0] ?? 0 }
      var spelling = [String?](repeating: nil, count: distinct.count)
      for value in raw.values where !value.isNaN {
        let name = Int(value)
        if spelling[classOfName[name]] == nil { spelling[classOfName[name]] = names[name] }
      }
      names = spelling.compactMap { $0 }
    }
    guard names.count <= maximumClasses else {
      throw .tooManyClasses(column: table.columns[column], count: names.count, limit: maximumClasses)
    }
    let labels = raw.values.map { $0.isNaN ? -1 : Int32(truncatingIfNeeded: classOfName[Int($0)]) }
    return TargetReader(labels: labels, classes: names)
  }
}
