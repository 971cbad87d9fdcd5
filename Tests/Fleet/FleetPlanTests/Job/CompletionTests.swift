import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// A job whose model is registered.
struct CompletionTests {
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
}
