import CoreMetrics
import Synchronization

/// A swift-metrics back end that shows its instruments in Prometheus' text exposition format 0.0.4.
///
/// Counters are counters, meters and gauges are gauges, timers are histograms in seconds and recorders histograms of their
/// values. Instruments of equal name and labels share one series. A name keeps the type it was first used with:
/// an instrument of another type under it works and is not shown.
public final class PrometheusRegistry: MetricsFactory {
  /// Content type of ``render()``'s text.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  /// Prometheus' customary buckets, a millisecond below and a minute above: request and reconcile times, in seconds.
  public static let defaultBuckets: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  private struct Family {
    var type: PrometheusType
    /// By rendered labels.
    var series: [String: any PrometheusSeries] = [:]
  }
  private struct Contents {
    var families: [String: Family] = [:]
    var help: [String: String]
    var collectors: [@Sendable (inout CollectedGauges) -> Void] = []
  }
  private let contents: Mutex<Contents>
  private let buckets: [Double]
  private let bucketsByName: [String: [Double]]

  /// - Parameters:
  ///   - buckets: upper bounds of histograms' buckets, in seconds for timers.
  ///   - bucketsByName: other bounds for some metrics.
  ///   - help: HELP texts by metric name, beside those of the runtime's own metrics.
  public init(
    buckets: [Double] = PrometheusRegistry.defaultBuckets, bucketsByName: [String: [Double]] = [:],
    help: [String: String] = [:]
  ) {
    self.buckets = Self.tidy(buckets)
    self.bucketsByName = bucketsByName.mapValues(Self.tidy)
    contents = Mutex(Contents(help: RuntimeMetricsHelp.texts.merging(help) { _, given in given }))
  }

  private static func tidy(_ bounds: [Double]) -> [Double] { Set(bounds.filter(\.isFinite)).sorted() }

  /// Sets the HELP text of a metric.
  public func describe(_ name: String, _ help: String) {
    contents.withLock { $0.help[PrometheusText.metricName(name)] = help }
  }

  /// Has `collect` called at the beginning of each ``render()``, to count what is only known by looking.
  public func onCollect(_ collect: @escaping @Sendable (inout CollectedGauges) -> Void) {
    contents.withLock { $0.collectors.append(collect) }
  }

  /// All metrics as text: families by name, series by labels.
  public func render() -> String {
    var collected = CollectedGauges()
    // Outside the lock: a collector may use instruments.
    for collect in contents.withLock({ $0.collectors }) { collect(&collected) }
    let (families, help) = contents.withLock { ($0.families, $0.help) }
    var text = ""
    for name in Set(families.keys).union(collected.families.keys).sorted() {
      if let family = families[name] {
        guard !family.series.isEmpty else { continue }
        Self.writeHead(name, family.type, help[name] ?? "", to: &text)
        for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
          series.write(name: name, labels: labels, to: &text)
        }
      } else if let family = collected.families[name] {
        Self.writeHead(name, .gauge, help[name] ?? family.help, to: &text)
        for (labels, value) in family.samples.sorted(by: { $0.key < $1.key }) {
          writeSample(name, labels, PrometheusText.number(value), to: &text)
        }
      }
    }
    return text
  }

  private static func writeHead(_ name: String, _ type: PrometheusType, _ help: String, to text: inout String) {
    if !help.isEmpty { text += "# HELP \(name) \(PrometheusText.help(help))\n" }
    text += "# TYPE \(name) \(type.rawValue)\n"
  }

  private func series<Series: PrometheusSeries>(
    _ label: String, _ dimensions: [(String, String)], _ type: PrometheusType, _ make: () -> Series
  ) -> Series {
    let name = PrometheusText.metricName(label)
    let labels = PrometheusText.pairs(dimensions)
    return contents.withLock { contents in
      var family = contents.families[name] ?? Family(type: type)
      if let known = family.series[labels] as? Series { return known }
      let made = make()
      guard family.type == type, family.series[labels] == nil else { return made }
      family.series[labels] = made
      contents.families[name] = family
      return made
    }
  }

  private func drop(_ handler: any PrometheusSeries) {
    contents.withLock { contents in
      for (name, family) in contents.families {
        guard let entry = family.series.first(where: { $0.value === handler }) else { continue }
        contents.families[name]?.series[entry.key] = nil
      }
    }
  }

  // MARK: MetricsFactory

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions, .counter) { PrometheusCounter() }
  }
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(label, dimensions, .counter) { PrometheusCounter() }
  }
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions, .gauge) { PrometheusGauge() }
  }
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return series(label, dimensions, .gauge) { PrometheusGauge() } }
    return series(label, dimensions, .histogram) { PrometheusHistogram(bounds: bucketsByName[label] ?? buckets) }
  }
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions, .histogram) { PrometheusHistogram(bounds: bucketsByName[label] ?? buckets) }
  }

  public func destroyCounter(_ handler: any CounterHandler) { (handler as? any PrometheusSeries).map(drop) }
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    (handler as? any PrometheusSeries).map(drop)
  }
  public func destroyMeter(_ handler: any MeterHandler) { (handler as? any PrometheusSeries).map(drop) }
  public func destroyRecorder(_ handler: any RecorderHandler) { (handler as? any PrometheusSeries).map(drop) }
  public func destroyTimer(_ handler: any TimerHandler) { (handler as? any PrometheusSeries).map(drop) }
}

/// HELP texts of the metrics that this module itself keeps.
enum RuntimeMetricsHelp {
  static let texts: [String: String] = [
    "workqueue_depth": "Keys that are ready to be worked on.",
    "workqueue_adds_total": "Keys added to the queue.",
    "workqueue_retries_total": "Keys added again after a failure.",
    "workqueue_queue_duration_seconds": "How long a key was ready before a worker took it.",
    "workqueue_work_duration_seconds": "How long a worker had a key.",
    "controller_runtime_reconcile_total": "Reconciles by controller and result.",
    "controller_runtime_reconcile_errors_total": "Reconciles that failed.",
    "controller_runtime_terminal_reconcile_errors_total": "Reconciles that failed for good.",
    "controller_runtime_reconcile_time_seconds": "How long a reconcile took.",
    "controller_runtime_active_workers": "Reconciles that run now.",
    "leader_election_master_status": "1 while this instance leads, else 0.",
  ]
}
