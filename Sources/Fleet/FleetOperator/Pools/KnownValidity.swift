import FleetAPI
import KubeTypes
import Synchronization

/// Which waiting jobs of a pool have a spec that is wrong. Each spec is looked at once, not each time its pool is: in a burst there are
/// thousands that wait. It remembers no job longer than the pool's next look that does not show it.
final class KnownValidity: Sendable {
  private struct Verdict {
    var generation: Int?
    var isValid: Bool
  }
  /// By pool, then by the job's UID.
  private let verdicts = Mutex<[ObjectKey: [String: Verdict]]>([:])

  /// The names of those among `jobs`, all of `pool` that were not seen yet, whose spec is wrong.
  func invalid(of pool: ObjectKey, among jobs: some Sequence<TrainingJob>) -> Set<String> {
    let old = verdicts.withLock { $0[pool] ?? [:] }
    var new: [String: Verdict] = [:]
    var invalid: Set<String> = []
    for job in jobs {
      let generation = job.metadata.generation.map { Int($0) }
      let known = old[job.uid].flatMap { $0.generation == generation ? $0 : nil }
      let verdict = known ?? Verdict(generation: generation, isValid: job.validate().isEmpty)
      new[job.uid] = verdict
      if !verdict.isValid { invalid.insert(job.name) }
    }
    verdicts.withLock { $0[pool] = new.isEmpty ? nil : new }
    return invalid
  }

  /// Forgets a pool that is gone.
  func forget(_ pool: ObjectKey) { verdicts.withLock { $0[pool] = nil } }
}
