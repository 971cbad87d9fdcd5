import FleetAPI

/// One try at a job: the set of its tasks. What holds for the set is a fold over them, made here and nowhere else.
package struct Attempt: Sendable {
  /// The attempt's number, from 0.
  package let number: Int
  /// Its tasks, in the order of their member numbers.
  package let tasks: [TrainingTask]
  /// The UIDs of the pods, among those the tasks name, that exist and have not ended.
  private let liveWorkers: Set<String>

  /// - Parameter tasks: of the job; those of other attempts are passed over.
  package init(_ number: Int, of tasks: [TrainingTask], liveWorkers: Set<String>) {
    self.number = number
    self.tasks = tasks.filter { $0.spec.attempt == number }.sorted { $0.spec.member < $1.spec.member }
    self.liveWorkers = liveWorkers
  }

  /// Where an attempt stands as a whole.
  package enum State: Sendable {
    /// No task of it was made yet.
    case unbegun
    /// A worker has at least one of its tasks in hand; the speaker is the task that tells how it goes.
    case running(speaker: TrainingTask)
    /// Trained: the model waits on the speaker's worker for the registry.
    case reporting(speaker: TrainingTask)
    /// The model is registered.
    case trained(speaker: TrainingTask)
    /// A member failed, and with it the attempt.
    case failed(TrainingTask, TaskFailure)
    /// Nobody is left: the last of the workers ended before its task did.
    case lost(TrainingTask, TaskFailure)
    /// Every member that was left gave its task back.
    case givenBack(TrainingTask)
  }

  /// Tasks that a living worker has in hand.
  package var inHand: [TrainingTask] { tasks.filter { Self.isInHand($0, liveWorkers) } }

  /// Tasks that can never end, because their worker is gone.
  package var lost: [TrainingTask] { tasks.filter { !$0.isFinished && !liveWorkers.contains($0.spec.worker.uid) } }

  /// The member whose words count: of those in hand the one of the lowest rank, or of all where nobody has any in hand.
  package var speaker: TrainingTask? { Self.lowestRank(inHand) ?? Self.lowestRank(tasks) }

  package var state: State {
    guard let first = tasks.first else { return .unbegun }
    if let done = tasks.first(where: { $0.state == .succeeded && $0.spec.group.rank == 0 }) {
      return .trained(speaker: done)
    }
    if let (task, failure) = worstFailure { return .failed(task, failure) }
    if let speaker = Self.lowestRank(inHand) {
      return speaker.state == .reporting ? .reporting(speaker: speaker) : .running(speaker: speaker)
    }
    if let task = lost.first {
      return .lost(
        task,
        TaskFailure(
          reason: Retry.workerLost, message: "worker \(task.spec.worker.name) ended before its task did",
          retryable: true))
    }
    return .givenBack(Self.lowestRank(tasks.filter { $0.state == .stopped }) ?? first)
  }

  /// Of several failures one that no retry mends comes first: it is what the user has to know.
  private var worstFailure: (TrainingTask, TaskFailure)? {
    let unknown = TaskFailure(reason: "Unknown", message: "the worker gave no reason", retryable: true)
    let failures = tasks.filter { $0.state == .failed }.map { ($0, $0.status?.failure ?? unknown) }
    return failures.first { !$0.1.retryable } ?? failures.first
  }

  private static func lowestRank(_ tasks: [TrainingTask]) -> TrainingTask? {
    tasks.min { ($0.spec.group.rank, $0.spec.member) < ($1.spec.group.rank, $1.spec.member) }
  }

  /// True while a worker that lives has the task in hand.
  package static func isInHand(_ task: TrainingTask, _ liveWorkers: Set<String>) -> Bool {
    !task.isFinished && liveWorkers.contains(task.spec.worker.uid)
  }
}
