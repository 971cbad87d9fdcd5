import Basics
import FleetAPI
import KubeTypes

/// Decides what becomes of one job: no I/O, no clock, no randomness.
///
/// A job is a chain of attempts. An attempt's number stands in the job's status before any task of it is made, so that
/// whoever takes over after a crash at any write makes the same tasks under the same names and counts a failure once.
package struct JobPlanner {
  private let world: JobWorld
  private let tasks: [TrainingTask]
  private var plan: JobPlan

  /// The plan for a job.
  package static func plan(_ world: JobWorld) -> JobPlan {
    var planner = JobPlanner(world)
    planner.decide()
    planner.retireTasks()
    return planner.plan
  }

  private init(_ world: JobWorld) {
    self.world = world
    tasks = world.tasks.filter { $0.spec.jobUID == world.job.uid }
    plan = JobPlan(status: world.job.status ?? TrainingJobStatus())
  }

  private var job: TrainingJob { world.job }
  private var current: TrainingTask? { tasks.first { $0.spec.attempt == plan.status.attempt } }
  private var hasRunningTask: Bool { tasks.contains { isAlive($0) } }

  /// True while a worker that lives has the task in hand.
  private func isAlive(_ task: TrainingTask) -> Bool {
    !task.isFinished && world.liveWorkers.contains(task.spec.worker.uid)
  }

  private mutating func decide() {
    if job.isTerminating { return }
    if plan.status.isUnseen { plan.status.conditions = [] }
    plan.status.observedGeneration = job.metadata.generation
    if job.isFinished {
      decideAfterlife()
      return
    }
    if !world.specErrors.isEmpty, current == nil {
      let message = world.specErrors.joined(separator: "; ")
      fail(TaskFailure(reason: JobCondition.Reason.invalidSpec, message: message, retryable: false))
      return
    }
    settleCurrentAttempt()
    if isTerminal { return }
    // What is trained is trained: neither the deadline nor a suspension undoes it.
    if let task = current, task.state == .reporting {
      reportReporting(task)
      return
    }
    if checkDeadline() { return }
    if job.spec.suspend {
      stayOrBecomeSuspended()
    } else {
      leaveSuspension()
      if let task = current { reportRunning(task) } else { reportWaiting() }
    }
  }

  private var isTerminal: Bool {
    plan.status.conditions[type: JobCondition.succeeded].map { $0.status != .unknown } ?? false
  }

  // MARK: Attempts

  /// Looks at the current attempt's task where it has ended, or its worker has.
  private mutating func settleCurrentAttempt() {
    guard let task = current else { return }
    switch task.state {
    case .succeeded:
      complete(task)
    case .failed:
      let unknown = TaskFailure(reason: "Unknown", message: "the worker gave no reason", retryable: true)
      settleFailure(of: task, task.status?.failure ?? unknown)
    case .stopped:
      adopt(progressOf: task)
      tellReports(of: task)
      plan.status.attempt += 1  // Given back, not failed: nothing to count.
      plan.status.workers = 0
    case .pending, .running, .reporting:
      guard !world.liveWorkers.contains(task.spec.worker.uid) else { return }
      settleFailure(
        of: task,
        TaskFailure(
          reason: RetryPolicy.workerLost, message: "worker \(task.spec.worker.name) ended before its task did",
          retryable: true))
    }
  }

  private mutating func settleFailure(of task: TrainingTask, _ failure: TaskFailure) {
    adopt(progressOf: task)
    tellReports(of: task)
    let limit = job.spec.backoffLimit
    switch RetryPolicy.verdict(on: failure, restarts: plan.status.restarts, backoffLimit: limit) {
    case .giveUp(let final):
      fail(final)
    case .retry:
      plan.status.attempt += 1
      plan.status.restarts += 1
      plan.status.workers = 0
      plan.events.append(
        .warning(
          "Retrying",
          "attempt \(task.spec.attempt) on \(task.spec.worker.name) failed: \(failure.reason): \(failure.message); "
            + "restart \(plan.status.restarts) of at most \(limit)"))
    }
  }

  // MARK: States

  private mutating func complete(_ task: TrainingTask) {
    adopt(progressOf: task)
    plan.status.progressPercentage = 100
    plan.status.workers = 0
    plan.status.model = task.status?.model
    plan.status.metrics = task.status?.metrics ?? []
    plan.status.completionTime = task.status?.completionTime ?? world.now
    if plan.status.startTime == nil { plan.status.startTime = task.status?.startTime ?? world.now }
    let model = plan.status.model.map { ", model \($0.name) \($0.version)" } ?? ""
    let accuracy = plan.status.accuracy.map { ", accuracy \($0)" } ?? ""
    // Names the worker: of a job this short its assignment may never have been told.
    let message = "trained by worker \(task.spec.worker.name)\(accuracy)\(model)"
    set(JobCondition.admitted, .false, JobCondition.Reason.finished, "the job is over")
    set(JobCondition.succeeded, .true, JobCondition.Reason.completed, message)
    plan.events.append(.normal(JobCondition.Reason.completed, message))
    if task.status?.reporting == nil { setDelivered() } else { tellReports(of: task) }
  }

  private mutating func fail(_ failure: TaskFailure) {
    let message = "\(failure.reason): \(failure.message)"
    plan.status.failure = failure
    plan.status.workers = 0
    plan.status.completionTime = world.now
    set(JobCondition.admitted, .false, JobCondition.Reason.finished, "the job is over")
    set(JobCondition.succeeded, .false, JobCondition.Reason.failed, message)
    plan.events.append(.warning(JobCondition.Reason.failed, message))
  }

  /// - Returns: true where the job has run out of time.
  private mutating func checkDeadline() -> Bool {
    guard let seconds = job.spec.activeDeadlineSeconds, let start = plan.status.startTime, !job.spec.suspend else {
      return false
    }
    let deadline = start.adding(seconds: Double(seconds))
    guard world.now >= deadline else {
      plan.checkAgain(at: deadline)
      return false
    }
    for task in tasks where isAlive(task) { stop(task, .deadlineExceeded) }
    fail(
      TaskFailure(
        reason: JobCondition.Reason.deadlineExceeded,
        message: "the job was active for longer than activeDeadlineSeconds (\(seconds))", retryable: false))
    return true
  }

  private mutating func stayOrBecomeSuspended() {
    for task in tasks where isAlive(task) { stop(task, .suspended) }
    let wasSuspended = plan.status.conditions[type: JobCondition.suspended]?.status == .true
    // The deadline counts active time only: it starts anew when the job is resumed (as batch/v1 Job has it).
    plan.status.startTime = nil
    let stopping = hasRunningTask
    plan.status.workers = stopping ? plan.status.workers : 0
    let message = stopping ? "spec.suspend is true; the worker is keeping a checkpoint" : "spec.suspend is true"
    set(JobCondition.suspended, .true, JobCondition.Reason.suspended, message)
    set(JobCondition.admitted, .false, JobCondition.Reason.suspended, "spec.suspend is true")
    set(JobCondition.succeeded, .unknown, JobCondition.Reason.suspended, message)
    if !wasSuspended { plan.events.append(.normal(JobCondition.Reason.suspended, "suspended by spec.suspend")) }
  }

  private mutating func leaveSuspension() {
    guard plan.status.conditions[type: JobCondition.suspended]?.status == .true else { return }
    set(JobCondition.suspended, .false, JobCondition.Reason.resumed, "spec.suspend is false")
    plan.events.append(.normal(JobCondition.Reason.resumed, "resumed; the job is in the queue again"))
  }

  private mutating func reportRunning(_ task: TrainingTask) {
    // A task that was told to stop while the job was suspended goes on stopping: its end makes the next attempt.
    let wasAdmitted = plan.status.conditions[type: JobCondition.admitted]?.status == .true
    adopt(progressOf: task)
    plan.status.workers = 1
    if plan.status.startTime == nil { plan.status.startTime = world.now }
    if let seconds = job.spec.activeDeadlineSeconds, let start = plan.status.startTime {
      plan.checkAgain(at: start.adding(seconds: Double(seconds)))
    }
    let worker = task.spec.worker.name
    set(JobCondition.admitted, .true, JobCondition.Reason.assigned, "assigned to worker \(worker)")
    set(
      JobCondition.succeeded, .unknown, JobCondition.Reason.running, "attempt \(task.spec.attempt) on worker \(worker)")
    if !wasAdmitted { plan.events.append(.normal("Admitted", "attempt \(task.spec.attempt) is on worker \(worker)")) }
    tellReports(of: task)
    reportDrift(from: task)
  }

  /// Its worker trains others meanwhile: the job waits for the registry alone.
  private mutating func reportReporting(_ task: TrainingTask) {
    adopt(progressOf: task)
    plan.status.workers = 0
    if plan.status.startTime == nil { plan.status.startTime = task.status?.startTime ?? world.now }
    let worker = task.spec.worker.name
    set(JobCondition.admitted, .true, JobCondition.Reason.assigned, "assigned to worker \(worker)")
    set(
      JobCondition.succeeded, .unknown, JobCondition.Reason.reporting,
      "trained; the model waits on the disk of worker \(worker) for the registry")
    tellReports(of: task)
  }

  /// What the registry lacks of a task goes into the condition `Reported`, and that it lacks nothing any more: a job of
  /// which there was never anything to tell has none.
  private mutating func tellReports(of task: TrainingTask) {
    let known = plan.status.conditions[type: JobCondition.reported]
    if let unsent = task.status?.reporting {
      if known?.reason != unsent.reason {
        plan.events.append(.warning(unsent.reason, "worker \(task.spec.worker.name): \(unsent.message)"))
      }
      set(JobCondition.reported, .false, unsent.reason, unsent.message)
    } else if known?.status == .false, task.status != nil, task.state != .pending {
      setDelivered()
    }
  }

  private mutating func setDelivered() {
    set(JobCondition.reported, .true, JobCondition.Reason.delivered, "the registry has all that the worker had to tell")
  }

  private mutating func reportDrift(from task: TrainingTask) {
    let fields = SpecDrift.fields(of: job.effectiveTraining, comparedTo: task.spec.training)
    let known = plan.status.conditions[type: JobCondition.specApplied]
    if fields.isEmpty {
      if known?.status == .false {
        set(JobCondition.specApplied, .true, JobCondition.Reason.specCurrent, "the attempt that runs has this spec")
      }
      return
    }
    let message = SpecDrift.message(fields)
    if known?.status != .false || known?.message != message {
      plan.events.append(.warning(JobCondition.Reason.specChanged, message))
    }
    set(JobCondition.specApplied, .false, JobCondition.Reason.specChanged, message)
  }

  private mutating func reportWaiting() {
    let wait: WaitReason
    let pool = job.spec.workerPoolName
    if let spec = world.pool?.spec {
      if let start = RetryPolicy.notBefore(job: withPlannedStatus, tasks: tasks), start > world.now {
        wait = .backingOff(restarts: plan.status.restarts)
        plan.checkAgain(at: start)
      } else if spec.replicas < job.spec.workers.min {
        wait = .poolTooSmall(pool: pool, replicas: spec.replicas, needed: job.spec.workers.min)
      } else {
        wait = .noIdleWorkers(pool: pool, needed: job.spec.workers.min)
      }
    } else {
      wait = .poolNotFound(pool: pool)
    }
    let isNew = plan.status.conditions.isEmpty && plan.status.attempt == job.status?.attempt ?? 0
    if isNew, case .noIdleWorkers = wait, let made = job.metadata.creationTimestamp {
      let told = made.adding(seconds: Self.shortWait)
      if told > world.now {
        // It says Queued already: the server filled that in. In a burst of jobs that are soon done this is one write of
        // three.
        plan.checkAgain(at: told)
        plan.status = job.status ?? TrainingJobStatus()
        return
      }
    }
    let before = plan.status.conditions[type: JobCondition.admitted]
    plan.status.workers = 0
    if plan.status.conditions[type: JobCondition.specApplied]?.status == .false {
      set(JobCondition.specApplied, .true, JobCondition.Reason.specCurrent, "the next attempt has this spec")
    }
    set(JobCondition.admitted, .false, wait.reason, wait.message)
    set(JobCondition.succeeded, .unknown, JobCondition.Reason.queued, wait.message)
    switch wait {
    case .poolNotFound, .poolTooSmall:
      if before?.message != wait.message { plan.events.append(.warning(wait.reason, wait.message)) }
    case .noIdleWorkers, .backingOff: break
    }
  }

  /// Seconds that a job waits for its turn before it is told what it waits for.
  private static let shortWait = 10.0

  private var withPlannedStatus: TrainingJob {
    var copy = job
    copy.status = plan.status
    return copy
  }

  /// A finished job: its tasks end, and so does it when its time to live is over.
  private mutating func decideAfterlife() {
    for task in tasks where isAlive(task) { stop(task, .cancelled) }
    // History that the registry could not take may come after the model.
    if let task = current, task.isFinished { tellReports(of: task) }
    guard let ttl = job.spec.ttlSecondsAfterFinished, let end = plan.status.completionTime else { return }
    let expiry = end.adding(seconds: Double(ttl))
    if world.now >= expiry { plan.deletesJob = true } else { plan.checkAgain(at: expiry) }
  }

  // MARK: Tasks

  private mutating func stop(_ task: TrainingTask, _ request: StopRequest) {
    if task.spec.stop == nil { plan.stops.append((task, request)) }
  }

  /// Tasks that nobody needs: of an earlier job of this name, of a job on its way out, and those of past attempts that
  /// can never end because their worker is gone.
  ///
  /// The last attempt's task stays until its successor is there: whoever still sees the job's status from before, and no
  /// task, would make that attempt's task again.
  private mutating func retireTasks() {
    let newest = tasks.map(\.spec.attempt).max() ?? 0
    for task in world.tasks where !task.isTerminating {
      let foreign = task.spec.jobUID != job.uid
      let hasSuccessor = task.spec.attempt < newest || job.isFinished
      let abandoned = task.spec.attempt < plan.status.attempt && hasSuccessor && !task.isFinished && !isAlive(task)
      if foreign || job.isTerminating || abandoned { plan.deletedTasks.append(task) }
    }
  }

  private mutating func adopt(progressOf task: TrainingTask) {
    guard let report = task.status else { return }
    plan.status.progressPercentage = report.progressPercentage ?? plan.status.progressPercentage
    plan.status.epoch = report.epoch ?? plan.status.epoch
    plan.status.loss = report.loss ?? plan.status.loss
    plan.status.accuracy = report.accuracy ?? plan.status.accuracy
  }

  private mutating func set(_ type: String, _ status: ConditionStatus, _ reason: String, _ message: String) {
    plan.status.conditions.set(
      Condition(
        type: type, status: status, reason: reason, message: message, lastTransitionTime: world.now,
        observedGeneration: job.metadata.generation))
  }
}
