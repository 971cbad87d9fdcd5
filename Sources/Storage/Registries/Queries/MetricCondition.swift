/// What a metric must be: `accuracy>=0.95`.
package struct MetricCondition: Sendable, Hashable, CustomStringConvertible {
  package enum Comparison: String, Sendable, Hashable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
    case equal = "="
  }
  package var metric: String
  package var comparison: Comparison
  package var value: Double

  package init(_ metric: String, _ comparison: Comparison, _ value: Double) {
    self.metric = metric
    self.comparison = comparison
    self.value = value
  }

  /// Reads `accuracy>=0.95`; nil where it is no such text.
  package init?(_ text: String) {
    // The longer signs first: `>=` begins with `>`.
    for comparison in Comparison.allCases {
      guard let sign = text.firstRange(of: comparison.rawValue) else { continue }
      let metric = text[..<sign.lowerBound].filter { $0 != " " }
      guard !metric.isEmpty, let value = Double(text[sign.upperBound...].filter { $0 != " " }), value.isFinite else {
        return nil
      }
      self.init(metric, comparison, value)
      return
    }
    return nil
  }

  /// Whether these metrics are so; a metric that is not there never is.
  package func holds(of metrics: [String: Double]) -> Bool {
    guard let found = metrics[metric] else { return false }
    switch comparison {
    case .atLeast: return found >= value
    case .atMost: return found <= value
    case .above: return found > value
    case .below: return found < value
    case .equal: return found == value
    }
  }

  package var description: String { "\(metric)\(comparison.rawValue)\(value)" }
}
