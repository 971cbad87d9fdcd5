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

  /// - Parameter column: the target, read as categories.
  /// - Throws: `tooManyClasses`.
  init(_ column: TableColumn, name: String) throws(LearningError) {
    var raw: [Int32] = []
    column.forEachSegment { values, _, count in
      for row in 0..<count { raw.append(values[row].isNaN ? -1 : Int32(values[row])) }
      return true
    }
    var names = column.categories
    var classOfName = names.indices.map { Int32(truncatingIfNeeded: $0) }
    let numbers = names.compactMap { name in
      var text = name
      return text.withUTF8 { CellParser.number($0) }
    }
    if numbers.count == names.count {
      let distinct = Array(Set(numbers)).sorted()
      let place = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) })
      classOfName = numbers.map { place[$0] ?? 0 }
      var spelling = [String?](repeating: nil, count: distinct.count)
      var open = distinct.count
      for code in raw where code >= 0 && open > 0 {
        let number = Int(classOfName[Int(code)])
        if spelling[number] == nil {
          spelling[number] = names[Int(code)]
          open -= 1
        }
      }
      names = spelling.compactMap { $0 }
    }
    guard names.count <= Self.maximumClasses else {
      throw .tooManyClasses(column: name, count: names.count, limit: Self.maximumClasses)
    }
    labels = raw.map { $0 < 0 ? -1 : classOfName[Int($0)] }
    classes = names
  }
}
