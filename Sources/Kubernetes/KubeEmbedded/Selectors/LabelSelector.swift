import KubeTypes

/// A label selector in its query form: `a=b,c!=d,e in (f,g),h notin (i),j,!k` (apimachinery's `labels.Parse`).
struct LabelSelector: Sendable, Equatable {
  enum Operator: Sendable, Equatable { case exists, absent, among, notAmong, greater, less }
  struct Requirement: Sendable, Equatable {
    var key: String
    var test: Operator
    var values: Set<String> = []

    func holds(_ value: String?) -> Bool {
      switch test {
      case .exists: value != nil
      case .absent: value == nil
      case .among: value.map(values.contains) ?? false
      // A label that is not set differs from every value.
      case .notAmong: value.map { !values.contains($0) } ?? true
      case .greater: compare(value) { $0 > $1 }
      case .less: compare(value) { $0 < $1 }
      }
    }

    private func compare(_ value: String?, _ order: (Int64, Int64) -> Bool) -> Bool {
      guard let left = value.flatMap({ Int64($0) }), let right = values.first.flatMap({ Int64($0) }) else {
        return false
      }
      return order(left, right)
    }
  }

  var requirements: [Requirement] = []

  func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.holds(labels[$0.key]) } }

  init() {}

  /// - Throws: 400 naming the part that cannot be read.
  init(_ text: String) throws(APIFailure) {
    for part in Self.parts(text) {
      requirements.append(try Self.requirement(part))
    }
  }

  /// Splits at the commas outside parentheses.
  private static func parts(_ text: String) -> [String] {
    var parts: [String] = []
    var current = ""
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    parts.append(current)
    return parts.map(trimmed).filter { !$0.isEmpty }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  private static func requirement(_ text: String) throws(APIFailure) -> Requirement {
    let failure = APIFailure.badRequest("unable to parse requirement: \"\(text)\" is no label requirement")
    func key(_ raw: some StringProtocol) throws(APIFailure) -> String {
      let key = trimmed(raw)
      guard NameRules.isQualifiedName(key) else { throw failure }
      return key
    }
    func value(_ raw: some StringProtocol) throws(APIFailure) -> String {
      let value = trimmed(raw)
      guard NameRules.isLabelValue(value) else { throw failure }
      return value
    }
    if text.hasPrefix("!") { return Requirement(key: try key(text.dropFirst()), test: .absent) }
    if let open = text.firstIndex(of: "(") {
      guard text.hasSuffix(")") else { throw failure }
      let words = text[..<open].split(whereSeparator: \.isWhitespace)
      guard words.count == 2, words[1] == "in" || words[1] == "notin" else { throw failure }
      var values: Set<String> = []
      let inside = text[text.index(after: open)...].dropLast()
      for item in inside.split(separator: ",", omittingEmptySubsequences: false) { values.insert(try value(item)) }
      return Requirement(key: try key(words[0]), test: words[1] == "in" ? .among : .notAmong, values: values)
    }
    for (mark, test) in [("!=", Operator.notAmong), ("==", .among), ("=", .among), (">", .greater), ("<", .less)] {
      guard let range = text.firstRange(of: mark) else { continue }
      return Requirement(
        key: try key(text[..<range.lowerBound]), test: test, values: [try value(text[range.upperBound...])])
    }
    return Requirement(key: try key(text), test: .exists)
  }
}
