import FleetAPI

/// Who goes when a pool shrinks.
package enum VictimChoice {
  /// The `count` workers whose loss costs least: not ready, then idle, then the busy one that has done least, and last
  /// those with models on their disks that the registry does not have, which are whole trainings; among equals the
  /// highest index, so that the names that stay are the low ones.
  package static func victims(_ count: Int, among workers: [Worker]) -> [Worker] {
    guard count > 0 else { return [] }
    return Array(workers.sorted { cost($0) < cost($1) }.prefix(count))
  }

  private static func cost(_ worker: Worker) -> (Int, Int, Int, Int) {
    let models = worker.reporting.count
    return switch worker.state {
    // What these had on their disks is lost with them either way, or is being sent.
    case .ended, .terminating, .draining: (0, 0, 0, -worker.index)
    case .starting: (models, 1, 0, -worker.index)
    case .idle: (models, 2, 0, -worker.index)
    case .busy: (models, 3, worker.task?.status?.progressPercentage ?? 0, -worker.index)
    }
  }
}
