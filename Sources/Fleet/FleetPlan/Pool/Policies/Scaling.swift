import FleetAPI
import KubeTypes

/// As many workers as `spec.replicas` says.
enum Scaling {
  static func plan(_ draft: inout PoolDraft) {
    let kept = EndedWorkers.kept(draft)
    let surplus = draft.live.count + kept.count - draft.pool.spec.replicas
    if surplus > 0 {
      let victims = VictimChoice.victims(surplus, among: kept + draft.live)
      for worker in victims {
        if worker.isLive, !worker.isEmptyHanded { draft.drain(worker) } else { draft.delete(worker) }
      }
      let before = surplus + draft.pool.spec.replicas
      draft.note("ScaledDown", "\(surplus) of \(before) workers leave: \(names(victims))")
    } else if surplus < 0 {
      let created = create(-surplus, &draft)
      if created.isEmpty { return }
      let list = created.count > 3 ? "\(created.count) workers" : created.map(\.name).joined(separator: ", ")
      draft.note("CreatedWorkers", "created \(list)")
    }
  }

  private static func names(_ workers: [Worker]) -> String {
    let shown = workers.prefix(5).map(\.pod.name).joined(separator: ", ")
    return workers.count > 5 ? "\(shown) and \(workers.count - 5) more" : shown
  }

  /// New pods under the lowest free names. A name is free when no pod has it, or only one that has ended and that this
  /// plan deletes (it goes at once): the successor takes its count of failures along, where it has the same spec.
  private static func create(_ count: Int, _ draft: inout PoolDraft) -> [Pod] {
    let template = draft.template
    let replaced = draft.workers.filter { $0.state == .ended && draft.leaving.contains($0.pod.uid) }
    let taken = Set(draft.workers.map(\.index)).subtracting(replaced.map(\.index))
    var failures: [Int: Int] = [:]
    for worker in replaced where worker.pod.phase == "Failed" && !worker.isOutdated(template) {
      failures[worker.index] = ReplacementBackoff.failures(of: worker, now: draft.now)
    }
    var created: [Pod] = []
    var index = 0
    while created.count < count {
      if !taken.contains(index) {
        created.append(
          PodTemplate.pod(
            of: draft.pool, index: index, replacements: failures[index] ?? 0, defaults: draft.world.defaults))
      }
      index += 1
    }
    draft.plan.createdPods += created
    return created
  }
}
