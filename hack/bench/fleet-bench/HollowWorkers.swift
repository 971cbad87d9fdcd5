import Basics
import FleetAPI
import KubeAccess
import KubeRuntime
import KubeTypes

/// Workers that are done with every task at once, and report that alone, as the hollow pods of the other side do: what is
/// measured is the control plane.
///
/// They share one watch, as the hollow kubelet of the other side does for its pods. Real workers have one each.
struct HollowWorkers: Sendable {
  let client: KubeClient
  let namespace: String
  let pool: String
  /// Told of each task as its worker sees it.
  var onTask: (@Sendable (TrainingTask) -> Void)?

  /// Serves the tasks of the pool until cancelled.
  func run() async {
    let tasks = Informer(
      client.resource(TrainingTask.self, namespace: namespace), labelSelector: "\(Fleet.Label.pool)=\(pool)")
    let (news, feed) = AsyncStream.makeStream(of: TrainingTask.self)
    tasks.onChange { [onTask] change in
      guard case .applied(nil, let task) = change, !task.isFinished else { return }
      onTask?(task)
      feed.yield(task)
    }
    await withDiscardingTaskGroup { group in
      group.addTask { await tasks.run() }
      for await task in news { group.addTask { await finish(task) } }
    }
  }

  private func finish(_ task: TrainingTask) async {
    let resource = client.resource(TrainingTask.self, namespace: namespace)
    let patch = JSONValue.object([
      "status": ["state": .string(TaskState.succeeded.rawValue), "progressPercentage": 100]
    ])
    do { _ = try await resource.patch(task.name, .merge(patch), subresource: "status") } catch {
      if !error.isNotFound { print("hollow worker: task \(task.name): \(error)") }
    }
  }
}
