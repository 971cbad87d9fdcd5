import FleetAPI
import KubeTypes

/// Decides about one pool: its pods, and which job gets which worker. No I/O, no clock, no randomness.
///
/// Both are one decision because both are about the same workers: a worker that is about to go must not be given a task.
/// Each rule is a policy of its own; here stands only their order.
package enum PoolPlanner {
  package static func plan(_ world: PoolWorld) -> PoolPlan {
    var draft = PoolDraft(world)
    if !draft.pool.isTerminating, world.specErrors.isEmpty {
      Drains.plan(&draft)
      EndedWorkers.plan(&draft)
      Scaling.plan(&draft)
      Rollout.plan(&draft)
      Assignment.plan(&draft)
    }
    draft.plan.status = PoolReport.status(draft)
    return draft.plan
  }
}
