/// Prometheus' text exposition format 0.0.4: how names, labels and numbers are written.
enum PrometheusText {
  /// `name` with what a metric's name may not hold replaced: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  static func metricName(_ name: String) -> String { sanitised(name, allowsColon: true) }
  /// `name` as a label's name: `[a-zA-Z_][a-zA-Z0-9_]*`.
  static func labelName(_ name: String) -> String { sanitised(name, allowsColon: false) }

  private static func sanitised(_ name: String, allowsColon: Bool) -> String {
    var result = ""
    for (index, scalar) in name.unicodeScalars.enumerated() {
      switch scalar {
      case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(scalar)
      case ":" where allowsColon: result.unicodeScalars.append(scalar)
      case "0"..."9":
        if index == 0 { result += "_" }
        result.unicodeScalars.append(scalar)
      default: result += "_"
      }
    }
    return result.isEmpty ? "_" : result
  }

  /// A label's value: backslash, quote and newline escaped.
  static func labelValue(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
    var result = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// A help text: backslash and newline escaped.
  static func help(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    // Whole numbers without a fraction, as far as a double tells them apart.
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return String(value)
  }

  /// `{a="1",b="2"}`, sorted by name; empty for no labels.
  static func labels(_ dimensions: [(String, String)]) -> String {
    guard !dimensions.isEmpty else { return "" }
    return "{" + pairs(dimensions) + "}"
  }

  /// `a="1",b="2"`, sorted by name.
  static func pairs(_ dimensions: [(String, String)]) -> String {
    dimensions.map { (labelName($0.0), labelValue($0.1)) }.sorted { $0.0 < $1.0 }
      .map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
  }
}
