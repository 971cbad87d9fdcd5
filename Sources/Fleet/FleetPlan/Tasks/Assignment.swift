import FleetAPI
import KubeTypes

/// Puts jobs on idle workers: makes their tasks, and brings groups up to date where members came, ended or are to go.
enum Assignment {
  static func plan(_ draft: inout PoolDraft) {
    var made: [String: [TrainingTask]] = [:]
    var order: [TrainingJob] = []
    let byJob = tasksByJob(draft)
    var free = draft.idle.map(\.pod)[...]
    let candidates = draft.demand.candidates(idle: free.count)
    let jobs = Dictionary(candidates.map { ($0.job.name, $0.job) }, uniquingKeysWith: { first, _ in first })
    let grants = Dispatcher.grants(candidates, idle: free.count, capacity: draft.pool.spec.replicas)
    for grant in grants {
      guard let job = jobs[grant.job] else { continue }
      order.append(job)
      var members = byJob[job.name] ?? []
      for _ in 0..<min(grant.workers, draft.world.ranksAtMost) {
        guard let worker = free.popFirst() else { break }
        let task = TaskMaking.task(for: job, besides: members, on: worker, of: draft.pool)
        members.append(task)
        made[job.name, default: []].append(task)
      }
    }
    let grown = Set(order.map(\.name))
    // Groups of several, of which somebody may have gone: a group of one has nobody to tell.
    for job in draft.world.jobs where draft.world.ranksAtMost > 1 && !grown.contains(job.name) {
      if byJob[job.name]?.contains(where: { !$0.isFinished && $0.spec.group.size > 1 }) == true { order.append(job) }
    }
    for job in order { regroup(job, byJob[job.name] ?? [], made[job.name] ?? [], &draft) }
  }

  private static func regroup(
    _ job: TrainingJob, _ tasks: [TrainingTask], _ made: [TrainingTask], _ draft: inout PoolDraft
  ) {
    let alive = Set(draft.workers.filter { $0.isLive || $0.isDraining }.map(\.pod.uid))
    let stopping = Set(draft.plan.tasks.stopped.map(\.task.uid))
    let members = tasks.filter {
      $0.spec.attempt == job.status?.attempt ?? 0 && $0.spec.jobUID == job.uid && $0.occupiesWorker
        && $0.spec.stop == nil && !stopping.contains($0.uid) && alive.contains($0.spec.worker.uid)
    }
    var made = made
    let addresses = Dictionary(
      draft.workers.compactMap { worker in worker.pod.status?.podIP.map { (worker.pod.uid, $0) } },
      uniquingKeysWith: { first, _ in first })
    GroupPlan.regroup(job, members: members, made: &made, addresses: addresses, &draft.plan.tasks)
    draft.plan.tasks.made += made
  }

  private static func tasksByJob(_ draft: PoolDraft) -> [String: [TrainingTask]] {
    draft.world.ranksAtMost > 1 ? Dictionary(grouping: draft.world.tasks, by: \.spec.jobName) : [:]
  }
}
