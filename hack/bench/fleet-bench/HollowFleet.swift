import FleetAPI
import KubeAccess
import KubeTypes

/// Pods and workers that take no time: what is measured is the control plane alone.
enum HollowFleet {
  /// Serves the pods and tasks of a pool until the returned task is cancelled.
  /// - Parameter onTask: told of each task as its worker sees it.
  static func start(
    _ client: KubeClient, namespace: String, pool: String, onTask: (@Sendable (TrainingTask) -> Void)? = nil
  ) -> Task<Void, Never> {
    Task {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          await HollowPods(
            client: client, namespace: namespace, selector: "\(Fleet.Label.pool)=\(pool)", life: .runs
          ).run()
        }
        group.addTask {
          await HollowWorkers(client: client, namespace: namespace, pool: pool, onTask: onTask).run()
        }
      }
    }
  }
}
