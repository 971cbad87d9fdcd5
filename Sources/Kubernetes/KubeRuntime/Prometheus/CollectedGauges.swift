/// Gauges that are counted at the moment of a scrape. A series that is not set this time is not shown, so what no longer
/// exists leaves no trace.
public struct CollectedGauges: Sendable {
  struct Family: Sendable {
    var help: String
    /// By rendered labels.
    var samples: [String: Double] = [:]
  }
  private(set) var families: [String: Family] = [:]

  init() {}

  /// Sets the gauge of this name and these labels for this scrape.
  public mutating func set(_ name: String, help: String = "", labels: [(String, String)] = [], to value: Double) {
    let name = PrometheusText.metricName(name)
    var family = families[name] ?? Family(help: help)
    if family.help.isEmpty { family.help = help }
    family.samples[PrometheusText.pairs(labels)] = value
    families[name] = family
  }
}
