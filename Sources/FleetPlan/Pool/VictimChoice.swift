import FleetAPI

/// Who goes when a pool shrinks.
package enum VictimChoice {
  /// The `count` workers whose loss costs least: not ready, then idle, then the busy one that has done least; among
  /// equals the highest index, so that the names that stay are the low ones.
  package static func victims(_ count: Int, among workers: [Worker]) -> [Worker] {
    guard count > 0 else { return [] }
    return Array(workers.sorted { cost($0) < cost($1) }.prefix(count))
  }

  private static func cost(_ worker: Worker) -> (Int, Int, Int) {
    switch worker.state {
    case .ended, .terminating, .draining: (0, 0, -worker.index)
    case .starting: (1, 0, -worker.index)
    case .idle: (2, 0, -worker.index)
    case .busy: (3, worker.task?.status?.progressPercentage ?? 0, -worker.index)
    }
  }
}
