import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// A job that could run and has no worker.
struct WaitingTests {
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
}
