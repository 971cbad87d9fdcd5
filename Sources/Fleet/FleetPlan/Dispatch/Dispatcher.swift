import FleetAPI
import KubeTypes

/// Which waiting jobs get which idle workers.
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

  /// Grants `idle` workers to jobs in their order: each is admitted only with its `min` at once, then what is left is
  /// shared up to each job's `max`, one more worker a round.
  ///
  /// The head of the queue is never overtaken, or a job of many workers would starve behind small ones; only a job that
  /// needs more than the pool's `capacity` steps aside, for it would block the others for nothing.
  package static func grants(queue: [TrainingJob], idle: Int, capacity: Int) -> [Grant] {
    var left = idle
    var admitted: [(job: TrainingJob, workers: Int)] = []
    for job in queue {
      let need = max(1, job.spec.workers.min)
      if need > capacity { continue }
      guard need <= left else { break }
      admitted.append((job, need))
      left -= need
    }
    var grew = true
    while left > 0, grew {
      grew = false
      for index in admitted.indices where left > 0 && admitted[index].workers < admitted[index].job.spec.workers.max {
        admitted[index].workers += 1
        left -= 1
        grew = true
      }
    }
    return admitted.map { Grant(job: $0.job.name, workers: $0.workers) }
  }

  /// The tasks that put waiting jobs on idle workers.
  package static func assign(queue: [TrainingJob], idle: [Pod], capacity: Int) -> [TrainingTask] {
    var free = idle[...]
    var tasks: [TrainingTask] = []
    var rest = queue[...]
    for grant in grants(queue: queue, idle: idle.count, capacity: capacity) {
      // Grants are in the queue's order.
      rest = rest.drop { $0.name != grant.job }
      guard let job = rest.popFirst() else { return tasks }
      for rank in 0..<min(grant.workers, maxRanks) {
        guard let worker = free.popFirst() else { return tasks }
        tasks.append(task(for: job, rank: rank, on: worker))
      }
    }
    return tasks
  }

  /// The task of one rank of a job's current attempt.
  static func task(for job: TrainingJob, rank: Int, on worker: Pod) -> TrainingTask {
    let attempt = job.status?.attempt ?? 0
    var metadata = ObjectMeta(
      name: TrainingTask.name(job: job.name, attempt: attempt, rank: rank), namespace: job.namespace,
      labels: [
        Fleet.Label.pool: job.spec.workerPoolName, Fleet.Label.job: job.name, Fleet.Label.worker: worker.name,
        Fleet.Label.managedBy: Fleet.operatorName,
      ])
    metadata.ownerReferences = [job.ownerReference]
    return TrainingTask(
      metadata: metadata,
      spec: TrainingTaskSpec(
        jobName: job.name, jobUID: job.uid, attempt: attempt,
        worker: WorkerReference(name: worker.name, uid: worker.uid), training: job.effectiveTraining,
        group: RankGroup(generation: 1, rank: rank, size: 1)))
  }
}
