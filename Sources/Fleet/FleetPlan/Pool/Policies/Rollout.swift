import FleetAPI
import KubeTypes

/// Workers of an older spec give way to those of the present one: whoever has nothing in hand, those that are not ready at
/// once, for nobody misses them, and of the others as many as `spec.maxUnavailable` leaves.
enum Rollout {
  static func plan(_ draft: inout PoolDraft) {
    let template = draft.template
    let outdated = draft.workers.filter {
      $0.isLive && $0.isOutdated(template) && $0.isEmptyHanded && !draft.leaving.contains($0.pod.uid)
    }
    guard !outdated.isEmpty else { return }
    let broken = outdated.filter { $0.state == .starting }
    let replicas = draft.pool.spec.replicas
    let ready = draft.live.filter { $0.pod.isReady && !draft.leaving.contains($0.pod.uid) }.count
    let budget = draft.pool.spec.unavailableAtMost - max(0, replicas - ready)
    let going = broken + outdated.filter { $0.state == .idle }.suffix(max(0, budget))
    guard !going.isEmpty else { return }
    for worker in going { draft.delete(worker) }
    let names = going.count == 1 ? "worker \(going[0].pod.name) is" : "\(going.count) workers are"
    draft.note("Replacing", "\(names) replaced by \(going.count == 1 ? "one" : "ones") of the pool's new spec")
  }
}
