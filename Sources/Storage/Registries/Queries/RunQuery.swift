#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which runs are wanted, in which order. Without an order: the newest first.
package struct RunQuery: Sendable, Hashable {
  package var job: String?
  package var namespace: String?
  package var algorithm: String?
  package var dataset: String?
  package var state: String?
  /// All of them must hold, of the metrics that the record has.
  package var metrics: [MetricCondition]
  /// Begun at this time or later.
  package var since: Date?
  /// By size means nothing of a run: no run has one.
  package var order: RegistryOrder?
  package var slice: Slice

  package init(
    job: String? = nil, namespace: String? = nil, algorithm: String? = nil, dataset: String? = nil,
    state: String? = nil, metrics: [MetricCondition] = [], since: Date? = nil, order: RegistryOrder? = nil,
    slice: Slice = .all
  ) {
    self.job = job
    self.namespace = namespace
    self.algorithm = algorithm
    self.dataset = dataset
    self.state = state
    self.metrics = metrics
    self.since = since
    self.order = order
    self.slice = slice
  }

  func matches(_ run: RunRecord) -> Bool {
    (job ?? run.job) == run.job && (namespace ?? run.namespace) == run.namespace
      && (algorithm ?? run.algorithm) == run.algorithm && (dataset ?? run.dataset) == run.dataset
      && (state ?? run.state) == run.state && metrics.allSatisfy { $0.holds(of: run.metrics ?? [:]) }
      && (since.map { run.created >= $0 } ?? true)
  }

  /// The page of this query from the newest attempts of all runs, which are in the order without any.
  func page(of runs: [RunRecord]) -> Page<RunRecord> {
    let found = runs.filter(matches)
    guard let order else { return slice.of(found) }
    return slice.of(
      order.sorted(found) { run, key in
        switch key {
        case .name: .text(run.job)
        case .created: .number(run.created.timeIntervalSince1970)
        case .size: nil
        case .algorithm: .text(run.algorithm)
        case .metric(let name): run.metrics?[name].map { .number($0) }
        }
      })
  }
}
