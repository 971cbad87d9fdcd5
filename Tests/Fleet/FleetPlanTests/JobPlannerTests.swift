import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing
import TrainingDefinition

struct JobPlannerTests {
  let pool = makePool()
  let pod = makePod(0)

  private func plan(
    _ job: TrainingJob, tasks: [TrainingTask] = [], pool: WorkerPool?? = nil, live: Set<String> = ["pod-uid-0"],
    errors: [String] = [], after seconds: Double = 0
  ) -> JobPlan {
    JobPlanner.plan(
      JobWorld(
        job: job, tasks: tasks, pool: pool ?? self.pool, liveWorkers: live,
        specErrors: errors, now: start.adding(seconds: seconds)))
  }

  // MARK: Waiting

  @Test func aJobWithoutItsPoolWaitsAndNamesIt() {
    let plan = plan(makeJob(), pool: .some(nil))
    #expect(plan.status.summary?.reason == "Queued")
    #expect(plan.status.summary?.status == .unknown)
    #expect(plan.status.summary?.message.contains("WorkerPool \"pool\" does not exist") == true)
    #expect(plan.status.conditions[type: "Admitted"]?.reason == "WorkerPoolNotFound")
    #expect(plan.events.map(\.reason) == ["WorkerPoolNotFound"])
  }

  @Test func aWaitThatGoesOnWritesNothingAndTellsNothing() {
    var job = makeJob()
    job.status = plan(job, pool: .some(nil)).status
    let again = plan(job, pool: .some(nil), after: 100)
    #expect(again.status == job.status)
    #expect(again.events.isEmpty)
  }

  @Test func aPoolTooSmallForTheJobIsSaidWithTheCure() {
    let plan = plan(makeJob(workers: WorkerRange(min: 3)))
    #expect(plan.status.summary?.message.contains("kubectl scale workerpool/pool --replicas=3") == true)
  }

  @Test func aShortWaitForATurnIsNotWritten() {
    var job = makeJob()
    job.metadata.creationTimestamp = start
    job.status = unseen
    let young = plan(job, after: 4)
    #expect(young.status == unseen, "the server says Queued already")
    #expect(young.checkAgainAt == start.adding(seconds: 10))
    let old = plan(job, after: 10)
    #expect(old.status.summary?.message.contains("idle") == true)
    #expect(old.status.summary?.lastTransitionTime == start.adding(seconds: 10), "not the server's 1970")
    #expect(plan(job, pool: .some(nil), after: 4).status.summary?.message.contains("pool") == true)
  }

  private var unseen: TrainingJobStatus {
    var status = TrainingJobStatus()
    status.conditions = [
      Condition(
        type: "Succeeded", status: .unknown, reason: "Queued", message: "not taken up yet",
        lastTransitionTime: Timestamp(secondsSince1970: 0))
    ]
    return status
  }

  @Test func aLossBeforeTheFirstStatusIsCounted() {
    var job = makeJob()
    job.metadata.creationTimestamp = start
    let plan = plan(job, tasks: [makeTask(job, on: pod)], live: [])
    #expect(plan.status.restarts == 1)
    #expect(plan.status.attempt == 1)
  }

  // MARK: Running

  @Test func aTaskInHandMakesTheJobRun() {
    let job = makeJob()
    let task = makeTask(job, on: pod, state: .running) {
      $0.status?.progressPercentage = 40
      $0.status?.epoch = 2
      $0.status?.loss = "0.31"
      $0.status?.accuracy = "0.90"
    }
    let plan = plan(job, tasks: [task])
    #expect(plan.status.summary?.reason == "Running")
    #expect(plan.status.conditions[type: "Admitted"]?.status == .true)
    #expect(plan.status.progressPercentage == 40)
    #expect(plan.status.epoch == 2)
    #expect(plan.status.loss == "0.31")
    #expect(plan.status.workers == 1)
    #expect(plan.status.startTime == start)
    #expect(plan.events.map(\.reason) == ["Admitted"])
    #expect(plan.status.conditions[type: "SpecApplied"] == nil, "a model named after its job is no change of spec")
    #expect(plan.status.observedGeneration == 1)
  }

  @Test func aSpecChangedWhileRunningIsSaidOnceAndNamesTheFields() {
    var job = makeJob()
    let task = makeTask(job, on: pod, state: .running)
    job.spec.training.epochs = 99
    job.spec.training.hyperparameters = [Hyperparameter(name: "learning_rate", value: "1")]
    let first = plan(job, tasks: [task])
    let condition = first.status.conditions[type: "SpecApplied"]
    #expect(condition?.status == .false)
    #expect(condition?.message.hasPrefix("hyperparameters, epochs changed while the job runs") == true)
    #expect(first.events.contains { $0.reason == "ChangedWhileRunning" })
    #expect(first.stops.isEmpty)
    job.status = first.status
    #expect(plan(job, tasks: [task]).events.isEmpty)
    job.spec = makeJob().spec
    #expect(plan(job, tasks: [task]).status.conditions[type: "SpecApplied"]?.status == .true)
  }

  // MARK: Ends

  @Test func aTaskThatSucceededCompletesTheJobForGood() {
    var job = makeJob(status: makeStatus(startTime: start))
    let task = makeTask(job, on: pod, state: .succeeded) {
      $0.status?.model = ModelReference(name: "job", version: "v1")
      $0.status?.metrics = [Metric(name: "accuracy", value: "0.97")]
      $0.status?.accuracy = "0.97"
    }
    let done = plan(job, tasks: [task])
    #expect(done.status.summary?.status == .true)
    #expect(done.status.summary?.reason == "Completed")
    #expect(done.status.model?.version == "v1")
    #expect(done.status.progressPercentage == 100)
    #expect(done.status.workers == 0)
    job.status = done.status
    // Terminal never un-terminates, whatever becomes of spec, tasks or pods.
    job.spec.suspend = true
    for tasks in [[], [task], [makeTask(job, on: pod, state: .failed)]] {
      let later = plan(job, tasks: tasks, live: [], errors: ["bad"], after: 9)
      #expect(later.status.conditions == done.status.conditions)
      #expect(later.events.isEmpty)
    }
  }

  @Test func aPermanentFailureFailsTheJobWithItsReason() {
    let job = makeJob()
    let failure = TaskFailure(reason: "TargetColumnMissing", message: "no column \"x\"", retryable: false)
    let plan = plan(job, tasks: [makeTask(job, on: pod, state: .failed, failure: failure)])
    #expect(plan.status.summary?.status == .false)
    #expect(plan.status.summary?.reason == "Failed")
    #expect(plan.status.summary?.message == "TargetColumnMissing: no column \"x\"")
    #expect(plan.status.failure == failure)
    #expect(plan.status.restarts == 0)
    #expect(plan.events == [.warning("Failed", "TargetColumnMissing: no column \"x\"")])
  }

  @Test func anInvalidSpecFailsAtOnce() {
    let plan = plan(makeJob(), errors: ["spec.epochs: Invalid value: 0: must be at least 1"])
    #expect(plan.status.summary?.message == "InvalidSpec: spec.epochs: Invalid value: 0: must be at least 1")
  }

  // MARK: Retry

  @Test func aLostWorkerIsRetriedAndCountedOnce() {
    var job = makeJob(status: makeStatus(startTime: start))
    let lost = makeTask(job, on: pod, state: .running)
    let first = plan(job, tasks: [lost], live: [])
    #expect(first.status.attempt == 1)
    #expect(first.status.restarts == 1)
    #expect(first.status.summary?.reason == "Queued")
    #expect(first.deletedTasks.isEmpty, "whoever still sees attempt 0 and no task of it would make it again")
    job.status = first.status
    let second = plan(job, tasks: [lost], live: [])
    #expect(second.status.restarts == 1, "the same loss seen again is not counted again")
    #expect(second.status == first.status)
    #expect(second.deletedTasks.isEmpty)
    let next = makeTask(job, on: makePod(1), attempt: 1)
    #expect(plan(job, tasks: [lost, next], live: ["pod-uid-1"]).deletedTasks.map(\.name) == [lost.name])
  }

  /// The watches of jobs and of tasks are not in step: the status may be the one from before the retry.
  @Test func aStatusBehindItsTasksMakesNoTask() {
    let job = makeJob()
    let lost = makeTask(job, on: pod, state: .running)
    let next = makeTask(job, on: makePod(1), attempt: 1)
    #expect(JobQueue.isWaiting(job, tasks: [], now: start))
    #expect(!JobQueue.isWaiting(job, tasks: [lost], now: start))
    #expect(!JobQueue.isWaiting(job, tasks: [next], now: start))
  }

  @Test(arguments: [(0, 0), (1, 0), (2, 10), (3, 20), (7, 300), (40, 300)])
  func delaysDouble(_ restarts: Int, _ seconds: Double) {
    #expect(RetryPolicy.delay(restarts: restarts) == seconds)
  }

  @Test func retriesEndAtTheLimit() {
    let failure = TaskFailure(reason: "FileUnreadable", message: "gone", retryable: true)
    let job = makeJob(backoffLimit: 2, status: makeStatus(attempt: 2, restarts: 2))
    let plan = plan(job, tasks: [makeTask(job, on: pod, attempt: 2, state: .failed, failure: failure)])
    #expect(plan.status.summary?.message.hasPrefix("BackoffLimitExceeded: attempt 3 failed, backoffLimit is 2") == true)
    #expect(plan.status.restarts == 2)
  }

  @Test func aTaskGivenBackIsNoFailure() {
    let job = makeJob(status: makeStatus(startTime: start))
    let plan = plan(job, tasks: [makeTask(job, on: pod, state: .stopped)])
    #expect(plan.status.attempt == 1)
    #expect(plan.status.restarts == 0)
    #expect(plan.status.summary?.reason == "Queued")
  }

  // MARK: Suspend

  @Test func suspensionStopsTheTaskAndResumptionMakesANewAttempt() {
    var job = makeJob(suspend: true, status: makeStatus(startTime: start))
    var task = makeTask(job, on: pod, state: .running)
    let stopping = plan(job, tasks: [task])
    #expect(stopping.stops.map(\.request) == [.suspended])
    #expect(stopping.status.summary?.reason == "Suspended")
    #expect(stopping.status.startTime == nil)
    job.status = stopping.status
    task.spec.stop = .suspended
    #expect(plan(job, tasks: [task]).stops.isEmpty, "told once")
    task.status?.state = .stopped
    let stopped = plan(job, tasks: [task])
    #expect(stopped.status.workers == 0)
    #expect(stopped.status.attempt == 1)
    job.status = stopped.status
    job.spec.suspend = false
    let resumed = plan(job, tasks: [task])
    #expect(resumed.status.summary?.reason == "Queued")
    #expect(resumed.status.conditions[type: "Suspended"]?.status == .false)
    #expect(resumed.events.map(\.reason) == ["Resumed"])
  }

  @Test func aJobCreatedSuspendedSaysSo() {
    let plan = plan(makeJob(suspend: true))
    #expect(plan.status.summary?.reason == "Suspended")
  }

  // MARK: Time

  @Test func theDeadlineStopsTheTaskAndFailsTheJob() {
    let job = makeJob(status: makeStatus(startTime: start)) { $0.activeDeadlineSeconds = 10 }
    let task = makeTask(job, on: pod, state: .running)
    let early = plan(job, tasks: [task], after: 9)
    #expect(early.status.summary?.reason == "Running")
    #expect(early.checkAgainAt == start.adding(seconds: 10))
    let late = plan(job, tasks: [task], after: 10)
    #expect(late.status.failure?.reason == "DeadlineExceeded")
    #expect(late.stops.map(\.request) == [.deadlineExceeded])
  }

  @Test func aFinishedJobIsDeletedWhenItsTimeToLiveIsOver() {
    var job = makeJob { $0.ttlSecondsAfterFinished = 5 }
    job.status = plan(job, tasks: [makeTask(job, on: pod, state: .succeeded)]).status
    #expect(plan(job, after: 4).deletesJob == false)
    #expect(plan(job, after: 4).checkAgainAt == start.adding(seconds: 5))
    #expect(plan(job, after: 5).deletesJob)
  }

  @Test func tasksOfAnEarlierJobOfTheNameAreRemoved() {
    let job = makeJob()
    let foreign = makeTask(job, on: pod, state: .succeeded) { $0.spec.jobUID = "older" }
    let plan = plan(job, tasks: [foreign])
    #expect(plan.deletedTasks.map(\.uid) == [foreign.uid])
    #expect(plan.status.summary?.status != .true, "what that task reports is not this job's")
  }
}
