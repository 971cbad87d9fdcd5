import FleetAPI

/// Why a job that could run does not: said in its conditions, in words that change only when the reason does.
package enum WaitReason: Sendable, Hashable {
  case poolNotFound(pool: String)
  case poolTooSmall(pool: String, replicas: Int, needed: Int)
  case noIdleWorkers(pool: String, needed: Int)
  case backingOff(restarts: Int)

  package var reason: String {
    switch self {
    case .poolNotFound: JobCondition.Reason.poolNotFound
    case .poolTooSmall, .noIdleWorkers: JobCondition.Reason.waitingForWorkers
    case .backingOff: JobCondition.Reason.retrying
    }
  }

  package var message: String {
    switch self {
    case .poolNotFound(let pool):
      "WorkerPool \"\(pool)\" does not exist in this namespace; the job starts when it does"
    case .poolTooSmall(let pool, let replicas, let needed):
      "WorkerPool \"\(pool)\" has \(replicas) \(replicas == 1 ? "worker" : "workers"), the job needs \(needed) at once: "
        + "kubectl scale workerpool/\(pool) --replicas=\(needed)"
    case .noIdleWorkers(let pool, let needed):
      "waiting for \(needed == 1 ? "an idle worker" : "\(needed) idle workers") of WorkerPool \"\(pool)\""
    case .backingOff(let restarts):
      "waiting before attempt \(restarts + 1), after \(restarts) failed"
    }
  }
}
