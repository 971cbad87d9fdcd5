import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// `spec.suspend`.
struct SuspensionTests {
  @Test func suspensionStopsTheTaskAndResumptionMakesANewAttempt() {
    var job = makeJob(suspend: true, status: makeStatus(startTime: start))
    var task = makeTask(job, on: pod, state: .running)
    let stopping = plan(job, tasks: [task])
    #expect(stopping.tasks.stopped.map(\.request) == [.suspended])
    #expect(stopping.status.summary?.reason == "Suspended")
    #expect(stopping.status.startTime == nil)
    job.status = stopping.status
    task.spec.stop = .suspended
    #expect(plan(job, tasks: [task]).tasks.stopped.isEmpty, "told once")
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
}
