import Basics
import FleetAPI
import KubeTypes

/// Pods whose worker ended by itself: each is deleted when its replacement is due. Until then it keeps its place.
enum EndedWorkers {
  static func plan(_ draft: inout PoolDraft) {
    let template = draft.template
    for worker in draft.workers where worker.state == .ended {
      // Its successor has another spec: how often the old one failed says nothing of it.
      let due = worker.isOutdated(template) ? draft.now : ReplacementBackoff.dueTime(of: worker, now: draft.now)
      if due > draft.now {
        draft.plan.checkAgain(at: due)
        continue
      }
      if worker.pod.phase == "Failed" {
        draft.warn("WorkerFailed", "worker \(worker.pod.name) ended: \(worker.endDescription); it is replaced")
      }
      draft.delete(worker)
    }
  }

  /// Those that are kept until their replacement is due: their places are taken.
  static func kept(_ draft: PoolDraft) -> [Worker] {
    draft.workers.filter { $0.state == .ended && !draft.leaving.contains($0.pod.uid) }
  }
}
