import ArgumentParser
import CommandLineKit
import Foundation
import Registries

extension ListOptions {
  /// The part of the list that is wanted.
  var slice: Slice {
    guard let count = limit ?? (page == nil ? nil : Self.defaultLimit) else { return .all }
    // Nobody has as many pages as would overflow.
    let skipped = ((page ?? 1) - 1).multipliedReportingOverflow(by: count)
    return Slice(skip: skipped.overflow ? .max : skipped.partialValue, limit: count)
  }

  /// What `--sort-by` means of a kind of records.
  /// - Parameters:
  ///   - keys: what such records can be sorted by; other words are metrics.
  ///   - hasMetrics: whether such records have metrics.
  func order(of keys: [String], hasMetrics: Bool) throws(RegistryFailure) -> RegistryOrder? {
    guard let sortBy else {
      guard reverse else { return nil }
      return RegistryOrder(keys.first == "created" ? .created : .name, descending: keys.first != "created")
    }
    let key: RegistryOrder.Key
    switch sortBy.lowercased() {
    case "name" where keys.contains("name"), "job" where keys.contains("job"): key = .name
    case "created" where keys.contains("created"), "age" where keys.contains("created"): key = .created
    case "size" where keys.contains("size"): key = .size
    case "algorithm" where keys.contains("algorithm"): key = .algorithm
    default:
      guard hasMetrics, !["name", "job", "size", "algorithm"].contains(sortBy.lowercased()) else {
        throw RegistryFailure(
          "--sort-by is \"\(sortBy)\"\(Suggestion.text(for: sortBy, among: keys)); it must be "
            + keys.joined(separator: ", "), exitCode: ExitStatus.usage)
      }
      key = .metric(sortBy)
    }
    return RegistryOrder(key, descending: Self.isBestLast(key) != reverse)
  }

  /// Whether the largest is to come first: of times and sizes the newest and the largest, of metrics the best.
  private static func isBestLast(_ key: RegistryOrder.Key) -> Bool {
    switch key {
    case .name, .algorithm: false
    case .created, .size: true
    case .metric(let name): !MetricNames.isBetterLow(name)
    }
  }

  /// The hint under a list that has more than is shown; nil where it has not.
  func more(shown: Int, total: Int) -> String? {
    let first = slice.skip
    guard shown < total else { return nil }
    guard shown > 0 else { return "page \(page ?? 1) is empty: there are \(total), on \(pages(of: total))" }
    let range = first == 0 ? "\(shown) of \(total)" : "\(first + 1) to \(first + shown) of \(total)"
    return first + shown < total ? "\(range); --page \((page ?? 1) + 1) shows more" : "\(range); this is the last page"
  }

  private func pages(of total: Int) -> String {
    let size = slice.limit ?? total
    let count = (total + size - 1) / size
    return count == 1 ? "one page" : "\(count) pages"
  }
}

/// What is known of metrics by their names.
enum MetricNames {
  /// Whether less of it is better: losses, errors and times.
  static func isBetterLow(_ name: String) -> Bool {
    let words = name.lowercased().split(separator: "_")
    return words.contains { ["loss", "error", "time", "mse", "mae", "rmse"].contains($0) }
  }
}
