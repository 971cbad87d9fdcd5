import CommandLineKit

/// Renders what is known of one thing as lines `Name:  value`, like kubectl describe; what is not known has no line.
struct FactList {
  private var facts: [(name: String, value: String)] = []

  mutating func add(_ name: String, _ value: String?) {
    if let value, !value.isEmpty { facts.append((name, value)) }
  }

  var lines: [String] {
    let width = (facts.map(\.name.count).max() ?? 0) + 3
    return facts.map { fact in
      fact.name + ":" + String(repeating: " ", count: width - fact.name.count - 1) + fact.value
    }
  }

  /// Names and values in one line, by name: `C=1, kernel=rbf`.
  static func pairs(_ values: [String: String]) -> String {
    values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
  }
}
