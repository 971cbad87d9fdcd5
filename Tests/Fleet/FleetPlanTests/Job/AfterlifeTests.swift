import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// `ttlSecondsAfterFinished`.
struct AfterlifeTests {
  @Test func aFinishedJobIsDeletedWhenItsTimeToLiveIsOver() {
    var job = makeJob { $0.ttlSecondsAfterFinished = 5 }
    job.status = plan(job, tasks: [makeTask(job, on: pod, state: .succeeded)]).status
    #expect(plan(job, after: 4).deletesJob == false)
    #expect(plan(job, after: 4).checkAgainAt == start.adding(seconds: 5))
    #expect(plan(job, after: 5).deletesJob)
  }
}
