/// Guesses what somebody meant who misspelt a name.
package enum Suggestion {
  /// ` (did you mean "epochs"?)`, or nothing where no name is close.
  package static func text(for name: String, among names: [String]) -> String {
    best(for: name, among: names).map { " (did you mean \"\($0)\"?)" } ?? ""
  }

  /// The name that is closest; nil where none is close.
  package static func best(for name: String, among names: [String]) -> String? {
    let wanted = name.lowercased()
    let scored = names.map { (name: $0, distance: distance(wanted, $0.lowercased())) }
    guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
      best.distance <= max(1, name.count / 3)
    else { return nil }
    return best.name
  }

  /// Edits that turn one text into the other (V. I. Levenshtein, 1966), by rows; two neighbours that changed places are one
  /// edit (F. J. Damerau, 1964), since that is what fingers do most.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var before: [Int] = []
    var above = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      for (j, b) in right.enumerated() {
        var edits = min(above[j] + (a == b ? 0 : 1), above[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { edits = min(edits, before[j - 1] + 1) }
        row.append(edits)
      }
      (before, above) = (above, row)
    }
    return above[right.count]
  }
}
