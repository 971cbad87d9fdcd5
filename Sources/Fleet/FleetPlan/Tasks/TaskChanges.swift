import FleetAPI

/// What is to become of tasks and of their groups: all that a plan says of them. `FleetOperator/Tasks` carries it out, in the
/// order of these members.
package struct TaskChanges: Sendable {
  /// A task that is to stop, and why.
  package struct Stop: Sendable {
    package var task: TrainingTask
    package var request: StopRequest
  }

  /// A task whose place in its group is another.
  package struct Regrouping: Sendable {
    package var task: TrainingTask
    package var group: RankGroup
  }

  /// Memberships to be written, before the tasks that belong to them are told.
  package var groups: [TrainingGroup] = []
  package var made: [TrainingTask] = []
  package var regrouped: [Regrouping] = []
  package var stopped: [Stop] = []
  /// Tasks that nobody needs any more.
  package var deleted: [TrainingTask] = []

  package init() {}

  /// Tells a task to stop; one that was told already is not told again.
  mutating func stop(_ task: TrainingTask, _ request: StopRequest) {
    if task.spec.stop == nil { stopped.append(Stop(task: task, request: request)) }
  }
}
