import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// Tasks that nobody needs any more.
struct TaskRetirementTests {
  @Test func tasksOfAnEarlierJobOfTheNameAreRemoved() {
    let job = makeJob()
    let foreign = makeTask(job, on: pod, state: .succeeded) { $0.spec.jobUID = "older" }
    let plan = plan(job, tasks: [foreign])
    #expect(plan.tasks.deleted.map(\.uid) == [foreign.uid])
    #expect(plan.status.summary?.status != .true, "what that task reports is not this job's")
  }

  @Test func finishedTasksOfAttemptsLongPastGo() {
    var job = makeJob(status: makeStatus(attempt: 6, restarts: 6))
    let failure = TaskFailure(reason: "FileUnreadable", message: "gone", retryable: true)
    let past = (0..<6).map { makeTask(job, on: pod, attempt: $0, state: .failed, failure: failure) }
    let waiting = plan(job, tasks: past)
    #expect(waiting.tasks.deleted.map(\.spec.attempt) == [0, 1], "three stay to be looked at beside the last")
    let running = plan(job, tasks: past + [makeTask(job, on: pod, attempt: 6, state: .running)])
    #expect(running.tasks.deleted.map(\.spec.attempt) == [0, 1, 2])
    job.status = plan(job, tasks: past + [makeTask(job, on: pod, attempt: 6, state: .succeeded)]).status
    #expect(job.hasSucceeded)
    #expect(plan(job, tasks: Array(past[3...])).tasks.deleted.isEmpty)
  }

  @Test func aWorkerThatComesBackToATaskThatIsMadeUpForIsToldToStop() {
    let job = makeJob(status: makeStatus(attempt: 1, restarts: 1))
    let ghost = makeTask(job, on: pod, state: .running)
    let next = makeTask(job, on: makePod(1), attempt: 1, state: .running)
    let result = plan(job, tasks: [ghost, next], live: ["pod-uid-0", "pod-uid-1"])
    #expect(result.tasks.stopped.map(\.task.name) == ["job-0-0"])
    #expect(result.tasks.stopped.map(\.request) == [.cancelled])
    #expect(result.tasks.deleted.isEmpty)
  }
}
