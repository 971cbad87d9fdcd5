import Basics
import FleetAPI
import KubeTypes

/// A job's plan while the policies write it: what they look at, and the words that they share.
struct JobDraft {
  let world: JobWorld
  /// The tasks of this very job, not of an earlier one of its name.
  let tasks: [TrainingTask]
  var plan: JobPlan

  init(_ world: JobWorld) {
    self.world = world
    tasks = world.tasks.filter { $0.spec.jobUID == world.job.uid }
    plan = JobPlan(status: world.job.status ?? TrainingJobStatus())
  }

  var job: TrainingJob { world.job }
  var now: Timestamp { world.now }

  /// The attempt that the planned status names.
  var attempt: Attempt { Attempt(plan.status.attempt, of: tasks, liveWorkers: world.liveWorkers) }

  /// The job with the planned status.
  var plannedJob: TrainingJob {
    var copy = job
    copy.status = plan.status
    return copy
  }

  /// True once the job has succeeded or failed.
  var isOver: Bool { condition(JobCondition.succeeded).map { $0.status != .unknown } ?? false }

  func condition(_ type: String) -> Condition? { plan.status.conditions[type: type] }

  mutating func set(_ type: String, _ status: ConditionStatus, _ reason: String, _ message: String) {
    plan.status.conditions.set(
      Condition(
        type: type, status: status, reason: reason, message: message, lastTransitionTime: now,
        observedGeneration: job.metadata.generation))
  }

  mutating func note(_ reason: String, _ message: String) { plan.events.append(.normal(reason, message)) }
  mutating func warn(_ reason: String, _ message: String) { plan.events.append(.warning(reason, message)) }

  /// Ends the job as failed.
  mutating func fail(_ failure: TaskFailure) {
    let message = "\(failure.reason): \(failure.message)"
    plan.status.failure = failure
    plan.status.workers = 0
    plan.status.completionTime = now
    set(JobCondition.admitted, .false, JobCondition.Reason.finished, "the job is over")
    set(JobCondition.succeeded, .false, JobCondition.Reason.failed, message)
    warn(JobCondition.Reason.failed, message)
  }

  /// Begins the next attempt: nothing of it is made yet.
  mutating func beginNextAttempt() {
    plan.status.attempt += 1
    plan.status.workers = 0
  }

  /// Takes over how far a task has come.
  mutating func adopt(progressOf task: TrainingTask) {
    guard let report = task.status else { return }
    plan.status.progressPercentage = report.progressPercentage ?? plan.status.progressPercentage
    plan.status.epoch = report.epoch ?? plan.status.epoch
    plan.status.loss = report.loss ?? plan.status.loss
    plan.status.accuracy = report.accuracy ?? plan.status.accuracy
  }

  /// Tells whoever has a task of the job in hand to stop, whatever attempt it is of.
  mutating func stopAll(_ request: StopRequest) {
    for task in tasks where Attempt.isInHand(task, world.liveWorkers) { plan.tasks.stop(task, request) }
  }
}
