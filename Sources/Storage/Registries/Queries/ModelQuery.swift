#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which models are wanted, in which order. Without an order: by name, the newest version of each first.
package struct ModelQuery: Sendable, Hashable {
  package var name: String?
  package var algorithm: String?
  /// As the job named it.
  package var dataset: String?
  /// The job's UID, or a trial of its search.
  package var run: String?
  package var tag: String?
  /// All of them must hold.
  package var metrics: [MetricCondition]
  /// Made at this time or later.
  package var since: Date?
  package var order: RegistryOrder?
  package var slice: Slice

  package init(
    name: String? = nil, algorithm: String? = nil, dataset: String? = nil, run: String? = nil, tag: String? = nil,
    metrics: [MetricCondition] = [], since: Date? = nil, order: RegistryOrder? = nil, slice: Slice = .all
  ) {
    self.name = name
    self.algorithm = algorithm
    self.dataset = dataset
    self.run = run
    self.tag = tag
    self.metrics = metrics
    self.since = since
    self.order = order
    self.slice = slice
  }

  func matches(_ model: ModelRecord) -> Bool {
    let info = model.info
    return (name ?? info.name) == info.name && (algorithm ?? info.algorithm) == info.algorithm
      && (dataset ?? info.dataset) == info.dataset && (run ?? info.run) == info.run
      && (tag.map { model.tags.contains($0) } ?? true) && metrics.allSatisfy { $0.holds(of: info.metrics) }
      && (since.map { model.created >= $0 } ?? true)
  }

  /// The page of this query from all models, which are in the order without any.
  func page(of models: [ModelRecord]) -> Page<ModelRecord> {
    let found = models.filter(matches)
    guard let order else { return slice.of(found) }
    return slice.of(
      order.sorted(found) { model, key in
        switch key {
        case .name: .text(model.info.name)
        case .created: .number(model.created.timeIntervalSince1970)
        case .size: .number(Double(model.size))
        case .algorithm: .text(model.info.algorithm)
        case .metric(let name): model.info.metrics[name].map { .number($0) }
        }
      })
  }
}
