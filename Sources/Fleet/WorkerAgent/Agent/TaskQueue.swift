import Basics
import FleetAPI
import KubeTypes

/// Which task a worker takes up next, and which running one must stop: decisions from the tasks it sees, and nothing else.
package struct TaskQueue: Sendable {
  package let identity: WorkerIdentity
  /// UIDs of tasks that this process is done with: the watch may still show them as running.
  private var handled: Set<String> = []

  package init(identity: WorkerIdentity) { self.identity = identity }

  /// The task to train: the oldest of this worker's own that is neither finished, nor being deleted, nor handled. One that is
  /// already running in its status was begun by an earlier process of this pod, and is continued.
  package func next(of tasks: [TrainingTask]) -> TrainingTask? {
    tasks.filter { isOpen($0) && $0.occupiesWorker }.min { Self.order($0) < Self.order($1) }
  }

  /// Tasks that an earlier process of this pod trained, and of which it could not bring everything to the registry.
  package func reporting(of tasks: [TrainingTask]) -> [TrainingTask] {
    tasks.filter { isOpen($0) && !$0.occupiesWorker && (!$0.isFinished || $0.status?.reporting != nil) }
      .sorted { Self.order($0) < Self.order($1) }
  }

  private func isOpen(_ task: TrainingTask) -> Bool {
    identity.owns(task) && !task.isTerminating && !handled.contains(task.uid)
  }

  private static func order(_ task: TrainingTask) -> (Double, String, String) {
    (task.metadata.creationTimestamp?.secondsSince1970 ?? 0, task.name, task.uid)
  }

  /// Why the running task of this UID must stop; nil where it may go on.
  package func stopReason(forTask uid: String, among tasks: [TrainingTask]) -> StopReason? {
    guard let task = tasks.first(where: { $0.uid == uid }), !task.isTerminating else { return .deleted }
    return task.spec.stop.map { .requested($0.reason) }
  }

  /// Notes that this process is done with a task, or has it in hand and needs not take it up.
  package mutating func handle(_ uid: String) { handled.insert(uid) }

  /// Forgets handled tasks that are no more.
  package mutating func forget(allBut tasks: [TrainingTask]) {
    guard !handled.isEmpty else { return }
    handled.formIntersection(tasks.map(\.uid))
  }
}

/// Why a training is stopped before its end.
package enum StopReason: Sendable, Hashable {
  /// The task's spec says so; the text is the spec's own reason.
  case requested(String)
  /// The task is gone, or another has its name.
  case deleted
  /// This worker is being stopped.
  case shutdown
}
