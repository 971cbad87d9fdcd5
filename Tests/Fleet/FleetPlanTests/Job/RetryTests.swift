import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// Attempts that fail, are lost or are given back.
struct RetryTests {
  @Test func aLossBeforeTheFirstStatusIsCounted() {
    var job = makeJob()
    job.metadata.creationTimestamp = start
    let plan = plan(job, tasks: [makeTask(job, on: pod)], live: [])
    #expect(plan.status.restarts == 1)
    #expect(plan.status.attempt == 1)
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

  @Test func aLostWorkerIsRetriedAndCountedOnce() {
    var job = makeJob(status: makeStatus(startTime: start))
    let lost = makeTask(job, on: pod, state: .running)
    let first = plan(job, tasks: [lost], live: [])
    #expect(first.status.attempt == 1)
    #expect(first.status.restarts == 1)
    #expect(first.status.summary?.reason == "Queued")
    #expect(first.tasks.deleted.isEmpty, "whoever still sees attempt 0 and no task of it would make it again")
    job.status = first.status
    let second = plan(job, tasks: [lost], live: [])
    #expect(second.status.restarts == 1, "the same loss seen again is not counted again")
    #expect(second.status == first.status)
    #expect(second.tasks.deleted.isEmpty)
    let next = makeTask(job, on: makePod(1), attempt: 1)
    #expect(plan(job, tasks: [lost, next], live: ["pod-uid-1"]).tasks.deleted.map(\.name) == [lost.name])
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
    #expect(Retry.delay(restarts: restarts) == seconds)
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
}
