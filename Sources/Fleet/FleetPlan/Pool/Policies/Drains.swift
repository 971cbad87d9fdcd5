import Basics
import FleetAPI
import KubeTypes

/// Workers that drain: gone once they have nothing in hand, models that wait for the registry among it; told to hand
/// back once their time is up; deleted in any case some time later.
enum Drains {
  /// Seconds a draining worker has, after its time is up, to hand its task back before its pod is deleted anyway.
  static let handBackSeconds = 30.0

  static func plan(_ draft: inout PoolDraft) {
    for worker in draft.workers {
      guard case .draining(let since) = worker.state else { continue }
      if worker.isEmptyHanded {
        draft.delete(worker)
        continue
      }
      let tasks = worker.reporting + [worker.task].compactMap { $0 }
      let deadline = since.adding(seconds: Double(draft.pool.spec.drainTimeoutSeconds))
      if draft.now < deadline {
        draft.plan.checkAgain(at: deadline)
      } else if draft.now < deadline.adding(seconds: handBackSeconds) {
        for task in tasks { draft.plan.tasks.stop(task, .draining) }
        draft.plan.checkAgain(at: deadline.adding(seconds: handBackSeconds))
      } else {
        let names = tasks.map(\.name).joined(separator: ", ")
        draft.warn("DrainTimedOut", "worker \(worker.pod.name) did not hand back task \(names) in time")
        draft.delete(worker)
      }
    }
  }
}
