import Basics
import FleetAPI
import KubeTypes

/// A pool's plan while the policies write it: what they look at, and what they share.
struct PoolDraft {
  let world: PoolWorld
  /// The pool's workers, by their index.
  let workers: [Worker]
  let demand: JobDemand
  /// The digest of the pods that the pool's spec asks for now.
  let template: String
  var plan = PoolPlan()
  /// UIDs of pods that this plan deletes or drains.
  var leaving: Set<String> = []

  init(_ world: PoolWorld) {
    self.world = world
    let open = world.tasks.filter { !$0.isFinished && !$0.isTerminating }
    let byWorker = Dictionary(grouping: open, by: \.spec.worker.uid)
    workers = world.pods.compactMap { Worker(pod: $0, pool: world.pool.name, tasks: byWorker) }
      .sorted { $0.index < $1.index }
    demand = JobDemand(world)
    template = PodTemplate.digest(PodTemplate.podSpec(of: world.pool, defaults: world.defaults))
    plan.checkAgainAt = demand.nextStart
  }

  var pool: WorkerPool { world.pool }
  var now: Timestamp { world.now }
  /// Workers that count towards `spec.replicas`.
  var live: [Worker] { workers.filter(\.isLive) }
  /// Workers that can be given a task now.
  var idle: [Worker] { workers.filter { $0.state == .idle && !leaving.contains($0.pod.uid) } }

  mutating func delete(_ worker: Worker) {
    guard leaving.insert(worker.pod.uid).inserted else { return }
    plan.deletedPods.append(worker.pod)
  }

  mutating func drain(_ worker: Worker) {
    guard leaving.insert(worker.pod.uid).inserted else { return }
    plan.drainedPods.append(worker.pod)
    plan.checkAgain(at: now.adding(seconds: Double(pool.spec.drainTimeoutSeconds)))
  }

  mutating func note(_ reason: String, _ message: String) { plan.events.append(.normal(reason, message)) }
  mutating func warn(_ reason: String, _ message: String) { plan.events.append(.warning(reason, message)) }
}
