import Basics
import FleetAPI
import KubeTypes

/// What a pool's status says.
enum PoolReport {
  static func status(_ draft: PoolDraft) -> WorkerPoolStatus {
    let (pool, workers, live) = (draft.pool, draft.workers, draft.live)
    var status = pool.status ?? WorkerPoolStatus()
    status.observedGeneration = pool.metadata.generation
    status.selector = PodTemplate.selector(pool: pool.name)
    status.replicas = live.count
    status.readyReplicas = live.filter(\.pod.isReady).count
    status.busyReplicas = live.filter { $0.state == .busy }.count
    status.drainingReplicas = workers.filter { if case .draining = $0.state { true } else { false } }.count
    status.workerDemand = workers.filter { $0.task != nil }.count + draft.demand.wanted
    status.conditions.set(condition(status, draft))
    return status
  }

  private static func condition(_ status: WorkerPoolStatus, _ draft: PoolDraft) -> Condition {
    func make(_ value: ConditionStatus, _ reason: String, _ message: String) -> Condition {
      Condition(
        type: PoolCondition.ready, status: value, reason: reason, message: message, lastTransitionTime: draft.now,
        observedGeneration: draft.pool.metadata.generation)
    }
    if !draft.world.specErrors.isEmpty {
      return make(.false, PoolCondition.Reason.invalidSpec, draft.world.specErrors.joined(separator: "; "))
    }
    let wanted = draft.pool.spec.replicas
    if status.readyReplicas >= wanted { return make(.true, PoolCondition.Reason.allReady, "all workers are ready") }
    var message = "\(status.readyReplicas) of \(wanted) workers are ready"
    if let problem = draft.workers.lazy.compactMap({ worker in worker.startProblem.map { (worker.pod.name, $0) } })
      .first
    {
      message += "; \(problem.0): \(problem.1)"
    } else if let ended = draft.workers.first(where: { $0.state == .ended }) {
      message += "; \(ended.pod.name) ended: \(ended.endDescription)"
    }
    return make(.false, PoolCondition.Reason.starting, message)
  }
}
