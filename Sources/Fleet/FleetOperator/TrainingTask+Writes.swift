import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// What the operator does to a task after it made it. A task that is gone, or is another of the same name by now, needs
/// neither: the UID goes along with each write, and its refusal is taken as done.
extension TrainingTask {
  /// Tells the worker to stop.
  func requestStop(_ request: StopRequest, client: KubeClient) async throws(KubeError) {
    let patch = JSONValue.object([
      "metadata": ["uid": .string(uid)], "spec": ["stop": ["reason": .string(request.reason)]],
    ])
    do {
      _ = try await client.resource(TrainingTask.self, namespace: namespace)
        .patch(name, .merge(patch), fieldManager: Fleet.operatorName)
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
  }

  /// Deletes the task; a worker that has it in hand stops.
  func delete(client: KubeClient) async throws(KubeError) {
    do {
      try await client.resource(TrainingTask.self, namespace: namespace)
        .delete(name, DeleteOptions(uid: uid, propagation: .background))
    } catch { guard error.isNotFound || error.isConflict else { throw error } }
  }
}
