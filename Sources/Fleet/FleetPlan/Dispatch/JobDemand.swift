import Basics
import FleetAPI
import KubeTypes

/// Which jobs of a pool could use workers now: those that wait to begin, and those that train and could grow.
struct JobDemand {
  private let world: PoolWorld
  /// Places, in the world's jobs, of those that wait.
  private(set) var waiting: [Int] = []
  /// Places of those that train with fewer workers than they may have, and how many they have.
  private(set) var growing: [(place: Int, held: Int)] = []
  /// When the first of those that back off will wait.
  private(set) var nextStart: Timestamp?
  /// Workers that waiting jobs could use at most.
  private(set) var wanted = 0

  init(_ world: PoolWorld) {
    self.world = world
    let byJob = Dictionary(grouping: world.tasks, by: \.spec.jobName)
    for place in world.jobs.indices {
      let job = world.jobs[place]
      if world.invalidJobs.contains(job.name) { continue }
      let tasks = byJob[job.name] ?? []
      if JobQueue.isWaiting(job, tasks: tasks, now: world.now) {
        waiting.append(place)
        wanted += max(job.spec.workers.min, min(job.spec.workers.max, world.ranksAtMost))
      } else if let start = Retry.notBefore(job: job, tasks: tasks), start > world.now {
        nextStart = nextStart.map { min($0, start) } ?? start
      } else if world.ranksAtMost > 1, let held = room(in: job, tasks) {
        growing.append((place, held))
        wanted += min(job.spec.workers.max, world.ranksAtMost) - held
      }
    }
  }

  /// How many workers a job has that trains and may have more; nil where it may not.
  private func room(in job: TrainingJob, _ tasks: [TrainingTask]) -> Int? {
    guard !job.isFinished, !job.spec.suspend, !job.isTerminating else { return nil }
    let held = tasks.filter {
      $0.spec.attempt == job.status?.attempt ?? 0 && $0.spec.jobUID == job.uid && $0.occupiesWorker
    }
    let isStopping = held.contains { $0.spec.stop != nil }
    let most = min(job.spec.workers.max, world.ranksAtMost)
    return held.isEmpty || isStopping || held.count >= most ? nil : held.count
  }

  /// The jobs whose turn it can be, in the queue's order: one an idle worker, after those that the pool is too small for.
  func candidates(idle: Int) -> [Dispatcher.Candidate] {
    let capacity = world.pool.spec.replicas
    let held = Dictionary(uniqueKeysWithValues: growing.map { ($0.place, $0.held) })
    let order = JobQueue.order(of: world.jobs, among: waiting + growing.map(\.place))
    return order.lazy.filter { world.jobs[$0].spec.workers.min <= capacity }.prefix(idle)
      .map { place in
        var job = world.jobs[place]
        job.spec.workers.max = max(job.spec.workers.min, min(job.spec.workers.max, world.ranksAtMost))
        return Dispatcher.Candidate(job, held: held[place] ?? 0)
      }
  }
}
