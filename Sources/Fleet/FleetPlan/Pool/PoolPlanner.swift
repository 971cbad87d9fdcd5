import Basics
import FleetAPI
import KubeTypes

/// Decides about one pool: its pods, and which waiting job gets which worker. No I/O, no clock, no randomness.
///
/// Both are one decision because both are about the same workers: a worker that is about to go must not be given a task.
package struct PoolPlanner {
  /// Seconds a draining worker has, after its time is up, to hand its task back before its pod is deleted anyway.
  static let handBackSeconds = 30.0

  private let world: PoolWorld
  private var workers: [Worker]
  /// Places, in the world's jobs, of those that wait.
  private let waitingPlaces: [Int]
  private var plan = PoolPlan()
  /// UIDs of pods that this plan deletes or drains.
  private var leaving: Set<String> = []

  package static func plan(_ world: PoolWorld) -> PoolPlan {
    var planner = PoolPlanner(world)
    planner.decide()
    planner.report()
    return planner.plan
  }

  private init(_ world: PoolWorld) {
    self.world = world
    let open = world.tasks.filter { !$0.isFinished && !$0.isTerminating }
    let byWorker = Dictionary(grouping: open, by: \.spec.worker.uid)
    workers = world.pods.compactMap { Worker(pod: $0, pool: world.pool.name, tasks: byWorker) }
      .sorted { $0.index < $1.index }
    let (places, nextStart) = Self.waiting(in: world)
    waitingPlaces = places
    plan.checkAgainAt = nextStart
  }

  private var pool: WorkerPool { world.pool }
  private var live: [Worker] { workers.filter(\.isLive) }

  private mutating func decide() {
    guard !pool.isTerminating else { return }
    guard world.specErrors.isEmpty else { return }
    progressDrains()
    let waiting = replaceEnded()
    scale(endedInWaiting: waiting)
    replaceOutdated()
    dispatch()
  }

  // MARK: Pods

  /// Workers that drain: gone once they have nothing in hand, models that wait for the registry among it; told to hand
  /// back once their time is up; deleted in any case some time later.
  private mutating func progressDrains() {
    for worker in workers {
      guard case .draining(let since) = worker.state else { continue }
      if worker.isEmptyHanded {
        delete(worker)
        continue
      }
      let tasks = worker.reporting + [worker.task].compactMap { $0 }
      let deadline = since.adding(seconds: Double(pool.spec.drainTimeoutSeconds))
      if world.now < deadline {
        plan.checkAgain(at: deadline)
      } else if world.now < deadline.adding(seconds: Self.handBackSeconds) {
        for task in tasks where task.spec.stop == nil { plan.stops.append((task, .draining)) }
        plan.checkAgain(at: deadline.adding(seconds: Self.handBackSeconds))
      } else {
        let names = tasks.map(\.name).joined(separator: ", ")
        plan.events.append(
          .warning("DrainTimedOut", "worker \(worker.pod.name) did not hand back task \(names) in time"))
        delete(worker)
      }
    }
  }

  /// Deletes pods that ended, each when its replacement is due.
  /// - Returns: how many are kept until then: their places are taken.
  private mutating func replaceEnded() -> [Worker] {
    var waiting: [Worker] = []
    for worker in workers where worker.state == .ended {
      let due = ReplacementBackoff.dueTime(of: worker, now: world.now)
      if due > world.now {
        waiting.append(worker)
        plan.checkAgain(at: due)
        continue
      }
      if worker.pod.phase == "Failed" {
        plan.events.append(
          .warning("WorkerFailed", "worker \(worker.pod.name) ended: \(worker.endDescription); it is replaced"))
      }
      delete(worker)
    }
    return waiting
  }

  private mutating func scale(endedInWaiting: [Worker]) {
    let surplus = live.count + endedInWaiting.count - pool.spec.replicas
    if surplus > 0 {
      let victims = VictimChoice.victims(surplus, among: endedInWaiting + live)
      for worker in victims {
        if worker.isLive, !worker.isEmptyHanded {
          leaving.insert(worker.pod.uid)
          plan.drainedPods.append(worker.pod)
          plan.checkAgain(at: world.now.adding(seconds: Double(pool.spec.drainTimeoutSeconds)))
        } else {
          delete(worker)
        }
      }
      plan.events.append(
        .normal("ScaledDown", "\(surplus) of \(surplus + pool.spec.replicas) workers leave: \(names(victims))"))
    } else if surplus < 0 {
      let created = create(-surplus)
      if !created.isEmpty {
        let list = created.count > 3 ? "\(created.count) workers" : created.map(\.name).joined(separator: ", ")
        plan.events.append(.normal("CreatedWorkers", "created \(list)"))
      }
    }
  }

  private func names(_ workers: [Worker]) -> String {
    let shown = workers.prefix(5).map(\.pod.name).joined(separator: ", ")
    return workers.count > 5 ? "\(shown) and \(workers.count - 5) more" : shown
  }

  /// New pods under the lowest free names. A name is free when no pod has it, or only one that has ended and that this
  /// plan deletes (it goes at once): the successor takes its count of failures along.
  private mutating func create(_ count: Int) -> [Pod] {
    let replaced = workers.filter { $0.state == .ended && leaving.contains($0.pod.uid) }
    let taken = Set(workers.map(\.index)).subtracting(replaced.map(\.index))
    var failures: [Int: Int] = [:]
    for worker in replaced where worker.pod.phase == "Failed" {
      failures[worker.index] = ReplacementBackoff.failures(of: worker, now: world.now)
    }
    var created: [Pod] = []
    var index = 0
    while created.count < count {
      if !taken.contains(index) {
        created.append(
          PodTemplate.pod(of: pool, index: index, replacements: failures[index] ?? 0, defaults: world.defaults))
      }
      index += 1
    }
    plan.createdPods += created
    return created
  }

  /// One idle worker at a time gives way to one of the pool's present spec, while all others are ready.
  private mutating func replaceOutdated() {
    guard plan.createdPods.isEmpty, plan.deletedPods.isEmpty, plan.drainedPods.isEmpty else { return }
    guard workers.allSatisfy({ $0.state == .idle || $0.state == .busy }) else { return }
    let wanted = PodTemplate.digest(PodTemplate.podSpec(of: pool, defaults: world.defaults))
    let outdated = workers.filter { $0.pod.metadata.annotations?[Fleet.Annotation.template] != wanted }
    guard let worker = outdated.last(where: { $0.state == .idle && $0.isEmptyHanded }) else { return }
    plan.events.append(.normal("Replacing", "worker \(worker.pod.name) is replaced by one of the pool's new spec"))
    delete(worker)
  }

  private mutating func delete(_ worker: Worker) {
    leaving.insert(worker.pod.uid)
    plan.deletedPods.append(worker.pod)
  }

  // MARK: Tasks

  private mutating func dispatch() {
    let idle = live.filter { $0.state == .idle && !leaving.contains($0.pod.uid) }
    guard !idle.isEmpty, !waitingPlaces.isEmpty else { return }
    let order = JobQueue.order(of: world.jobs, among: waitingPlaces)
    // Those whose turn it can be: one job an idle worker, after those that the pool is too small for.
    let possible = order.filter { world.jobs[$0].spec.workers.min <= pool.spec.replicas }
    let queue = possible.prefix(idle.count).map { world.jobs[$0] }
    plan.createdTasks = Dispatcher.assign(queue: queue, idle: idle.map(\.pod), capacity: pool.spec.replicas)
  }

  /// The places of the jobs that wait, in no order; and when the first of those that back off will.
  private static func waiting(in world: PoolWorld) -> (places: [Int], nextStart: Timestamp?) {
    var byJob: [String: [TrainingTask]] = [:]
    for task in world.tasks { byJob[task.spec.jobName, default: []].append(task) }
    var places: [Int] = []
    var nextStart: Timestamp?
    for place in world.jobs.indices {
      let tasks = byJob[world.jobs[place].name] ?? []
      if world.invalidJobs.contains(world.jobs[place].name) { continue }
      if JobQueue.isWaiting(world.jobs[place], tasks: tasks, now: world.now) {
        places.append(place)
      } else if let start = RetryPolicy.notBefore(job: world.jobs[place], tasks: tasks), start > world.now {
        nextStart = nextStart.map { min($0, start) } ?? start
      }
    }
    return (places, nextStart)
  }

  // MARK: Status

  private mutating func report() {
    var status = pool.status ?? WorkerPoolStatus()
    status.observedGeneration = pool.metadata.generation
    status.selector = PodTemplate.selector(pool: pool.name)
    status.replicas = live.count
    status.readyReplicas = live.filter(\.pod.isReady).count
    status.busyReplicas = live.filter { $0.state == .busy }.count
    status.drainingReplicas = workers.filter { if case .draining = $0.state { true } else { false } }.count
    status.workerDemand = demand
    status.conditions.set(condition(status))
    plan.status = status
  }

  /// Workers that could be of use now: one for each task in hand, and what waiting jobs ask for at most.
  private var demand: Int {
    let busy = workers.filter { $0.task != nil }.count
    return waitingPlaces.reduce(busy) { sum, place in
      let range = world.jobs[place].spec.workers
      return sum + max(range.min, min(range.max, Dispatcher.maxRanks))
    }
  }

  private func condition(_ status: WorkerPoolStatus) -> Condition {
    func make(_ value: ConditionStatus, _ reason: String, _ message: String) -> Condition {
      Condition(
        type: PoolCondition.ready, status: value, reason: reason, message: message, lastTransitionTime: world.now,
        observedGeneration: pool.metadata.generation)
    }
    if !world.specErrors.isEmpty {
      return make(.false, PoolCondition.Reason.invalidSpec, world.specErrors.joined(separator: "; "))
    }
    let wanted = pool.spec.replicas
    if status.readyReplicas >= wanted { return make(.true, PoolCondition.Reason.allReady, "all workers are ready") }
    var message = "\(status.readyReplicas) of \(wanted) workers are ready"
    if let problem = workers.lazy.compactMap({ worker in worker.startProblem.map { (worker.pod.name, $0) } }).first {
      message += "; \(problem.0): \(problem.1)"
    } else if let ended = workers.first(where: { $0.state == .ended }) {
      message += "; \(ended.pod.name) ended: \(ended.endDescription)"
    }
    return make(.false, PoolCondition.Reason.starting, message)
  }
}
