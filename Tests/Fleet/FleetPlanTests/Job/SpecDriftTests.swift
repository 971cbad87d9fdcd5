import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing
import TrainingDefinition

/// A spec that changes while an attempt runs.
struct SpecDriftTests {
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
    #expect(first.tasks.stopped.isEmpty)
    job.status = first.status
    #expect(plan(job, tasks: [task]).events.isEmpty)
    job.spec = makeJob().spec
    #expect(plan(job, tasks: [task]).status.conditions[type: "SpecApplied"]?.status == .true)
  }
}
