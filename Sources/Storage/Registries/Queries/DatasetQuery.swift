#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which data sets are wanted, in which order: the newest version of each. Without an order: by name.
package struct DatasetQuery: Sendable, Hashable {
  /// Put at this time or later.
  package var since: Date?
  /// By name, created or size; nothing else is known of a data set.
  package var order: RegistryOrder?
  package var slice: Slice

  package init(since: Date? = nil, order: RegistryOrder? = nil, slice: Slice = .all) {
    self.since = since
    self.order = order
    self.slice = slice
  }

  /// The page of this query from all data sets, which are sorted by name.
  func page(of datasets: [DatasetRecord]) -> Page<DatasetRecord> {
    let found = datasets.filter { dataset in since.map { dataset.created >= $0 } ?? true }
    guard let order else { return slice.of(found) }
    return slice.of(
      order.sorted(found) { dataset, key in
        switch key {
        case .name: .text(dataset.name)
        case .created: .number(dataset.created.timeIntervalSince1970)
        case .size: .number(Double(dataset.size))
        case .algorithm, .metric: nil
        }
      })
  }
}
