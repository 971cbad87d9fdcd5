import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

/// Jobs that are trained, and whose models wait on their workers' disks for the registry.
struct DeliveryTests {
  private let pod = makePod(0)
  private let away = UnsentReports(reason: "RegistryUnavailable", message: "no server answers", pending: 3)

  private func task(
    _ job: TrainingJob, _ state: TaskState, unsent: UnsentReports?, on pod: Pod? = nil, attempt: Int = 0
  ) -> TrainingTask {
    makeTask(job, on: pod ?? self.pod, attempt: attempt, state: state) { task in
      task.status?.reporting = unsent
      task.status?.progressPercentage = 99
      if state == .succeeded { task.status?.model = ModelReference(name: "m", version: "v1") }
    }
  }

  private func plan(
    _ job: TrainingJob, _ tasks: [TrainingTask], live: Set<String> = ["pod-uid-0"], after seconds: Double = 0
  ) -> JobPlan {
    JobPlanner.plan(
      JobWorld(job: job, tasks: tasks, pool: makePool(), liveWorkers: live, now: start.adding(seconds: seconds)))
  }

  // MARK: The job

  @Test func aTrainedJobWaitsForTheRegistryAndSaysWhy() {
    var job = makeJob()
    job.status = plan(job, [task(job, .running, unsent: nil)]).status
    #expect(job.status?.conditions[type: "Reported"] == nil, "there is nothing to tell yet")
    let waiting = plan(job, [task(job, .reporting, unsent: away)])
    job.status = waiting.status
    #expect(job.state == "Reporting" && !job.isFinished)
    #expect(job.status?.conditions[type: "Succeeded"]?.status == .unknown)
    let reported = job.status?.conditions[type: "Reported"]
    #expect(reported?.status == .false && reported?.reason == "RegistryUnavailable")
    #expect(reported?.message == "no server answers")
    #expect(job.status?.workers == 0, "its worker is free")
    #expect(waiting.events.map(\.reason) == ["RegistryUnavailable"])
    let again = plan(job, [task(job, .reporting, unsent: away)], after: 60)
    #expect(again.status == job.status && again.events.isEmpty && again.tasks.stopped.isEmpty)

    job.status = plan(job, [task(job, .succeeded, unsent: nil)]).status
    #expect(job.hasSucceeded && job.status?.model?.version == "v1")
    #expect(job.status?.conditions[type: "Reported"]?.status == .true)
  }

  @Test func aJobThatSucceedsAtOnceIsReportedAtOnce() {
    let job = makeJob()
    let status = plan(job, [task(job, .succeeded, unsent: nil)]).status
    #expect(status.conditions[type: "Reported"]?.status == .true)
    #expect(status.conditions[type: "Succeeded"]?.status == .true)
  }

  @Test func aTrainingWhoseReportsWaitIsStillRunning() {
    var job = makeJob()
    job.status = plan(job, [task(job, .running, unsent: away)]).status
    #expect(job.state == "Running")
    #expect(job.status?.conditions[type: "Reported"]?.status == .false)
    job.status = plan(job, [task(job, .running, unsent: nil)]).status
    #expect(job.status?.conditions[type: "Reported"]?.status == .true)
  }

  @Test func historyMayFollowAFinishedJob() {
    var job = makeJob()
    job.status = plan(job, [task(job, .succeeded, unsent: away)]).status
    #expect(job.hasSucceeded, "its model is registered")
    #expect(job.status?.conditions[type: "Reported"]?.status == .false)
    job.status = plan(job, [task(job, .succeeded, unsent: nil)]).status
    #expect(job.status?.conditions[type: "Reported"]?.status == .true)
    #expect(plan(job, [task(job, .succeeded, unsent: nil)], after: 9).status == job.status)
  }

  @Test func neitherDeadlineNorSuspensionUndoesAFinishedTraining() {
    var job = makeJob(suspend: true, status: makeStatus(startTime: start)) { $0.activeDeadlineSeconds = 10 }
    let late = plan(job, [task(job, .reporting, unsent: away)], after: 1000)
    #expect(late.tasks.stopped.isEmpty && late.status.failure == nil)
    job.status = late.status
    #expect(job.state == "Reporting")
    // A running one is not spared.
    job.status = makeStatus(startTime: start)
    #expect(plan(job, [task(job, .running, unsent: nil)], after: 1).tasks.stopped.map(\.request) == [.suspended])
  }

  @Test func aModelLostWithItsWorkerIsTrainedAgain() {
    let job = makeJob(status: makeStatus(startTime: start))
    let lost = plan(job, [task(job, .reporting, unsent: away)], live: [])
    #expect(lost.status.attempt == 1 && lost.status.restarts == 1)
    let given = plan(job, [task(job, .stopped, unsent: away)])
    #expect(given.status.attempt == 1 && given.status.restarts == 0)
    #expect(given.status.conditions[type: "Reported"]?.status == .false)
  }

  // MARK: The pool

  private func plan(
    _ pool: WorkerPool, _ pods: [Pod], _ jobs: [TrainingJob], _ tasks: [TrainingTask], after: Double = 0
  )
    -> PoolPlan
  {
    PoolPlanner.plan(
      PoolWorld(
        pool: pool, pods: pods, jobs: jobs, tasks: tasks, defaults: defaults, now: start.adding(seconds: after)))
  }

  @Test func aWorkerThatOnlyReportsGetsTheNextTask() {
    let (first, second) = (makeJob("first"), makeJob("second"))
    let result = plan(makePool(1), [pod], [first, second], [task(first, .reporting, unsent: away)])
    #expect(result.tasks.made.map(\.name) == ["second-0-0"])
    #expect(result.status.busyReplicas == 0)
  }

  @Test func aWorkerThatReportsIsTheLastToGoAndIsDrained() {
    let (first, second) = (makeJob("first"), makeJob("second"))
    let pods = [makePod(0), makePod(1), makePod(2)]
    // 2 holds a model, 1 trains, 0 is idle.
    let tasks = [task(first, .reporting, unsent: away, on: pods[2]), makeTask(second, on: pods[1], state: .running)]
    let two = plan(makePool(2), pods, [first, second], tasks)
    #expect(two.deletedPods.map(\.name) == ["pool-0"] && two.drainedPods.isEmpty)
    let one = plan(makePool(1), pods, [first, second], tasks)
    #expect(one.deletedPods.map(\.name) == ["pool-0"] && one.drainedPods.map(\.name) == ["pool-1"])
    let none = plan(makePool(0), pods, [first, second], tasks)
    #expect(none.drainedPods.map(\.name) == ["pool-1", "pool-2"])
  }

  @Test func aDrainWaitsForTheRegistryAsItDoesForATraining() {
    let (first, second) = (makeJob("first"), makeJob("second"))
    var pod = makePod(0)
    pod.metadata.annotations?[Fleet.Annotation.drainingSince] = start.description
    let tasks = [task(first, .reporting, unsent: away), makeTask(second, on: pod, state: .running)]
    let early = plan(makePool(0), [pod], [first, second], tasks, after: 299)
    #expect(early.tasks.stopped.isEmpty && early.deletedPods.isEmpty)
    let due = plan(makePool(0), [pod], [first, second], tasks, after: 300)
    #expect(due.tasks.stopped.map(\.task.name).sorted() == ["first-0-0", "second-0-0"])
    #expect(due.tasks.stopped.allSatisfy { $0.request == .draining } && due.deletedPods.isEmpty)
    let late = plan(makePool(0), [pod], [first], [tasks[0]], after: 331)
    #expect(late.deletedPods.map(\.name) == ["pool-0"])
    #expect(late.events.contains { $0.reason == "DrainTimedOut" && $0.message.contains("first-0-0") })
  }

  @Test func anOutdatedWorkerIsNotReplacedWhileItReports() {
    var pool = makePool(1)
    pool.spec.image = "worker:next"
    let job = makeJob("first")
    #expect(plan(pool, [pod], [job], [task(job, .reporting, unsent: away)]).deletedPods.isEmpty)
    #expect(plan(pool, [pod], [job], [task(job, .succeeded, unsent: nil)]).deletedPods.map(\.name) == ["pool-0"])
  }

  @Test func aWorkerThatIsNotReadyIsDrainedTooWhereItHoldsAModel() {
    let job = makeJob("first")
    let unready = makePod(0, ready: false)
    let result = plan(makePool(0), [unready], [job], [task(job, .reporting, unsent: away)])
    #expect(result.deletedPods.isEmpty && result.drainedPods.map(\.name) == ["pool-0"])
  }
}
