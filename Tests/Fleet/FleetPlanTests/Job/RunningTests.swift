import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// An attempt that workers have in hand.
struct RunningTests {
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
}
