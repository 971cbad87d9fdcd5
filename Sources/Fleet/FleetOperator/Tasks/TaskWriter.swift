import Basics
import FleetAPI
import FleetPlan
import KubeAccess
import KubeTypes

/// Writes what a plan says of tasks and their groups: the only place that does. A task that is gone, or is another of the same
/// name by now, needs nothing any more: the UID goes along with each write, and its refusal is taken as done.
struct TaskWriter: Sendable {
  let client: KubeClient
  let namespace: String

  private var tasks: Resource<TrainingTask> { client.resource(TrainingTask.self, namespace: namespace) }

  /// Creates a task.
  /// - Returns: the task as made; nil where it is there already, or its job is no more.
  func make(_ task: TrainingTask) async throws(KubeError) -> TrainingTask? {
    do { return try await tasks.create(task, fieldManager: Fleet.operatorName) } catch {
      // The name is the member's own: that it exists means that it was made before, and the cache will show it. A job that
      // is gone, with its namespace or in one that ends, needs no task.
      guard error.isAlreadyExists || error.isNotFound || error.isNamespaceEnding else { throw error }
      return nil
    }
  }

  /// Tells a worker to stop its task.
  func stop(_ stop: TaskChanges.Stop) async throws(KubeError) {
    try await patch(stop.task, ["stop": ["reason": .string(stop.request.reason)]])
  }

  /// Gives a task its place in another membership of its group.
  func regroup(_ regrouping: TaskChanges.Regrouping) async throws(KubeError) {
    let group = regrouping.group
    try await patch(
      regrouping.task,
      [
        "group": [
          "generation": .int(Int64(group.generation)), "rank": .int(Int64(group.rank)), "size": .int(Int64(group.size)),
        ]
      ])
  }

  /// Deletes a task; a worker that has it in hand stops.
  func delete(_ task: TrainingTask) async throws(KubeError) {
    do {
      try await tasks.delete(task.name, DeleteOptions(uid: task.uid, propagation: .background))
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
  }

  /// Writes a membership; the one before it is written over.
  func write(_ group: TrainingGroup) async throws(KubeError) {
    let groups = client.resource(TrainingGroup.self, namespace: namespace)
    do { _ = try await groups.create(group, fieldManager: Fleet.operatorName) } catch {
      if error.isNotFound || error.isNamespaceEnding { return }
      guard error.isAlreadyExists, let name = group.metadata.name, let spec = try? JSON.value(of: group.spec) else {
        throw error
      }
      // The job's UID is immutable: a group of an earlier job of this name refuses, and goes with that job.
      _ = try await groups.patch(name, .merge(["spec": spec]), fieldManager: Fleet.operatorName)
    }
  }

  private func patch(_ task: TrainingTask, _ spec: JSONValue) async throws(KubeError) {
    let patch = JSONValue.object(["metadata": ["uid": .string(task.uid)], "spec": spec])
    do { _ = try await tasks.patch(task.name, .merge(patch), fieldManager: Fleet.operatorName) } catch {
      guard error.isNotFound || error.isConflict else { throw error }
    }
  }
}

extension KubeError {
  /// True where nothing can be made because the namespace is being deleted (403, cause `NamespaceTerminating`).
  var isNamespaceEnding: Bool {
    isForbidden && details?.causes?.contains { $0.reason == "NamespaceTerminating" } == true
  }

  /// True where trying the same again soon is of no use: the object, a policy or a quota would have to change first.
  var isRefusal: Bool { isForbidden || isInvalid || httpStatus == 400 }
}
