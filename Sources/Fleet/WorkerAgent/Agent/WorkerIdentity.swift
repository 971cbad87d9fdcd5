import FleetAPI

/// Which worker this is. A task is its own only where both name and UID agree: an earlier pod may have had the name.
package struct WorkerIdentity: Sendable, Hashable {
  package var podName: String
  package var podUID: String
  package var namespace: String

  package init(podName: String, podUID: String, namespace: String) {
    self.podName = podName
    self.podUID = podUID
    self.namespace = namespace
  }

  package func owns(_ task: TrainingTask) -> Bool {
    task.spec.worker.name == podName && task.spec.worker.uid == podUID
  }

  /// Selects the tasks that may be this worker's; those of an earlier pod of its name are among them.
  package var labelSelector: String { "\(Fleet.Label.worker)=\(podName)" }
}
