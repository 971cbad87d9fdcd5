import Basics
import FleetAPI
import KubeTypes

/// The order in which jobs wait, and who is in it.
package enum JobQueue {
  /// Whether a job waits for workers: it is to run, and its current attempt has no task.
  package static func isWaiting(_ job: TrainingJob, tasks: [TrainingTask], now: Timestamp) -> Bool {
    guard !job.isFinished, !job.spec.suspend, !job.isTerminating else { return false }
    let attempt = job.status?.attempt ?? 0
    // A task of the attempt's name that belongs to an earlier job has to be gone first; it counts as a reason to wait. One
    // of a later attempt says that this status is out of date: the watches of jobs and of tasks are not in step.
    guard !tasks.contains(where: { $0.spec.attempt >= attempt || $0.spec.jobUID != job.uid }) else { return false }
    if let start = Retry.notBefore(job: job, tasks: tasks), start > now { return false }
    return true
  }

  /// The places of some jobs in a list, in the queue's order: by priority, then age, then name, the last only so that the
  /// order is the same everywhere. Sorts small keys: moving whole jobs about is what would
  /// cost most in a long queue.
  package static func order(of jobs: [TrainingJob], among places: some Sequence<Int>) -> [Int] {
    let keys = places.map { place in
      Key(
        priority: jobs[place].spec.priority,
        created: jobs[place].metadata.creationTimestamp?.secondsSince1970 ?? 0, name: jobs[place].metadata.name ?? "",
        place: place)
    }
    return keys.sorted().map(\.place)
  }

  private struct Key: Comparable {
    var priority: Int
    var created: Double
    var name: String
    var place: Int

    static func < (left: Key, right: Key) -> Bool {
      if left.priority != right.priority { return left.priority > right.priority }
      if left.created != right.created { return left.created < right.created }
      return left.name < right.name
    }
  }
}
