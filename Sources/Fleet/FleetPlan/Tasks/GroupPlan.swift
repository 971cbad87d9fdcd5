import FleetAPI
import KubeTypes

/// The one owner of groups: who is in an attempt's group, under which rank, and since which generation.
///
/// A member keeps its place before those who came later: when one is lost the others close up, and newcomers follow. So the
/// lowest rank is the member that has been there longest, which has what newcomers need. A group of one has no object.
enum GroupPlan {
  /// Brings the groups of an attempt's tasks up to date.
  /// - Parameters:
  ///   - members: tasks that workers have in hand, or are made with this plan, and that are not told to stop.
  ///   - addresses: the addresses of workers by their pods' UIDs.
  static func regroup(
    _ job: TrainingJob, members: [TrainingTask], made: inout [TrainingTask], addresses: [String: String],
    _ changes: inout TaskChanges
  ) {
    let old = members.sorted { ($0.spec.group.rank, $0.spec.member) < ($1.spec.group.rank, $1.spec.member) }
    let size = old.count + made.count
    guard size > 0 else { return }
    let isCurrent =
      made.isEmpty
      && old.enumerated().allSatisfy { $1.spec.group.rank == $0 && $1.spec.group.size == size }
      && Set(old.map(\.spec.group.generation)).count == 1
    if isCurrent { return }
    // The first membership is generation 1, with which tasks are made. Nobody has seen a generation that no task names.
    let generation = old.isEmpty ? 1 : (old.map(\.spec.group.generation).max() ?? 0) + 1
    for (rank, task) in old.enumerated() {
      let group = RankGroup(generation: generation, rank: rank, size: size)
      if task.spec.group != group { changes.regrouped.append(.init(task: task, group: group)) }
    }
    for place in made.indices {
      made[place].spec.group = RankGroup(generation: generation, rank: old.count + place, size: size)
    }
    if size > 1 || generation > 1 {
      changes.groups.append(group(of: job, generation, old + made, addresses))
    }
  }

  private static func group(
    of job: TrainingJob, _ generation: Int, _ tasks: [TrainingTask], _ addresses: [String: String]
  ) -> TrainingGroup {
    let attempt = job.status?.attempt ?? 0
    var metadata = ObjectMeta(
      name: TrainingGroup.name(job: job.name, attempt: attempt), namespace: job.namespace,
      labels: [Fleet.Label.job: job.name, Fleet.Label.managedBy: Fleet.operatorName])
    metadata.ownerReferences = [job.ownerReference]
    return TrainingGroup(
      metadata: metadata,
      spec: TrainingGroupSpec(
        jobName: job.name, jobUID: job.uid, attempt: attempt, generation: generation,
        members: tasks.map {
          GroupMember(
            member: $0.spec.member, task: $0.name, worker: $0.spec.worker, address: addresses[$0.spec.worker.uid])
        }))
  }
}
