import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// `activeDeadlineSeconds`.
struct DeadlineTests {
  @Test func theDeadlineStopsTheTaskAndFailsTheJob() {
    let job = makeJob(status: makeStatus(startTime: start)) { $0.activeDeadlineSeconds = 10 }
    let task = makeTask(job, on: pod, state: .running)
    let early = plan(job, tasks: [task], after: 9)
    #expect(early.status.summary?.reason == "Running")
    #expect(early.checkAgainAt == start.adding(seconds: 10))
    let late = plan(job, tasks: [task], after: 10)
    #expect(late.status.failure?.reason == "DeadlineExceeded")
    #expect(late.tasks.stopped.map(\.request) == [.deadlineExceeded])
  }
}
