import FleetAPI
import KubeTypes

/// How many idle workers which jobs get.
package enum Dispatcher {
  /// Ranks that a job can be spread over. One, until ranks can reduce gradients together.
  package static let maxRanks = 1

  /// Workers granted to one job.
  package struct Grant: Sendable, Equatable {
    package var job: String
    package var workers: Int
    package init(job: String, workers: Int) {
      self.job = job
      self.workers = workers
    }
  }

  /// A job that could use workers.
  package struct Candidate: Sendable {
    package var job: TrainingJob
    /// Workers that its attempt has already: none where it waits to begin.
    package var held: Int
    package init(_ job: TrainingJob, held: Int = 0) {
      self.job = job
      self.held = held
    }

    /// Workers that could be taken from it before it falls below its `min`.
    package var slack: Int { max(0, held - max(1, job.spec.workers.min)) }
  }

  /// Grants `idle` workers to jobs in their order: one that waits is admitted only with its `min` at once, then what is left
  /// is shared up to each job's `max`, one more worker a round; jobs that train already have their part in that.
  ///
  /// The head of the queue is never overtaken, or a job of many workers would starve behind small ones; only a job that
  /// needs more than the pool's `capacity` steps aside, for it would block the others for nothing.
  package static func grants(_ candidates: [Candidate], idle: Int, capacity: Int) -> [Grant] {
    var left = idle
    var admitted: [(candidate: Candidate, granted: Int)] = candidates.filter { $0.held > 0 }.map { ($0, 0) }
    for candidate in candidates where candidate.held == 0 {
      let need = max(1, candidate.job.spec.workers.min)
      if need > capacity { continue }
      guard need <= left else { break }
      admitted.append((candidate, need))
      left -= need
    }
    var grew = true
    while left > 0, grew {
      grew = false
      for index in admitted.indices where left > 0 {
        let (candidate, granted) = admitted[index]
        guard candidate.held + granted < candidate.job.spec.workers.max else { continue }
        admitted[index].granted += 1
        left -= 1
        grew = true
      }
    }
    return admitted.filter { $0.granted > 0 }.map { Grant(job: $0.candidate.job.name, workers: $0.granted) }
  }
}
