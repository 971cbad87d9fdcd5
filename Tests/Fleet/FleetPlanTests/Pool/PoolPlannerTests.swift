import Basics
import FleetAPI
import FleetPlan
import KubeTypes
import Testing

struct PoolPlannerTests {
  private func plan(
    _ pool: WorkerPool, pods: [Pod] = [], jobs: [TrainingJob] = [], tasks: [TrainingTask] = [],
    errors: [String] = [], after seconds: Double = 0
  ) -> PoolPlan {
    PoolPlanner.plan(
      PoolWorld(
        pool: pool, pods: pods, jobs: jobs, tasks: tasks, defaults: defaults, specErrors: errors,
        now: start.adding(seconds: seconds)))
  }

  private func ended(_ index: Int, replacements: Int = 0, lived: Double = 1) -> Pod {
    makePod(index, phase: "Failed") { pod in
      var status = ContainerStatus(name: "worker", ready: false, image: "x")
      var end = ContainerState.Terminated(exitCode: 137, reason: "OOMKilled")
      end.finishedAt = start.adding(seconds: lived)
      status.state = ContainerState(terminated: end)
      pod.status?.containerStatuses = [status]
      if replacements > 0 { pod.metadata.annotations?[Fleet.Annotation.replacements] = String(replacements) }
    }
  }

  @Test func anEmptyPoolGetsItsWorkersUnderTheLowestNames() {
    let plan = plan(makePool(3))
    #expect(plan.createdPods.map(\.name) == ["pool-0", "pool-1", "pool-2"])
    #expect(plan.status.replicas == 0)
    #expect(plan.status.selector == "tensorfleet.io/pool=pool")
    #expect(plan.status.conditions[type: "Ready"]?.status == .false)
  }

  @Test func podsMeetTheRestrictedProfile() throws {
    let spec = try #require(plan(makePool(1)).createdPods.first?.spec)
    #expect(spec.securityContext == .restricted)
    #expect(spec.containers.allSatisfy { $0.securityContext == .restricted })
    #expect(spec.serviceAccountName == "tensorfleet-worker")
    #expect(spec.restartPolicy == "Never")
  }

  @Test func holesAreFilledAndFullPoolsAreLeftAlone() {
    #expect(plan(makePool(3), pods: [makePod(0), makePod(2)]).createdPods.map(\.name) == ["pool-1"])
    let full = plan(makePool(2), pods: [makePod(0), makePod(1)])
    #expect(full.createdPods.isEmpty && full.deletedPods.isEmpty && full.events.isEmpty)
    #expect(full.status.conditions[type: "Ready"]?.status == .true)
  }

  @Test func aTerminatingPodsNameIsNotTakenAgain() {
    let going = makePod(0) { $0.metadata.deletionTimestamp = start }
    #expect(plan(makePool(1), pods: [going]).createdPods.map(\.name) == ["pool-1"])
  }

  @Test func aFailedWorkerIsReplacedAtOnceAndThenMoreSlowly() {
    let first = plan(makePool(1), pods: [ended(0)], after: 2)
    #expect(first.deletedPods.map(\.name) == ["pool-0"])
    #expect(first.createdPods.map(\.name) == ["pool-0"])
    #expect(first.createdPods.first?.metadata.annotations?[Fleet.Annotation.replacements] == "1")
    #expect(first.events.contains { $0.reason == "WorkerFailed" && $0.message.contains("OOMKilled (exit code 137)") })
    let second = plan(makePool(1), pods: [ended(0, replacements: 1)], after: 2)
    #expect(second.deletedPods.isEmpty && second.createdPods.isEmpty)
    #expect(second.checkAgainAt == start.adding(seconds: 11))
    #expect(second.status.conditions[type: "Ready"]?.message.contains("OOMKilled") == true)
    #expect(plan(makePool(1), pods: [ended(0, replacements: 1)], after: 11).createdPods.count == 1)
    let healthy = plan(makePool(1), pods: [ended(0, replacements: 5, lived: 700)], after: 701)
    #expect(healthy.createdPods.first?.metadata.annotations?[Fleet.Annotation.replacements] == "1")
  }

  // MARK: Scale-down

  @Test func theVictimIsTheOneThatCostsLeast() {
    let jobs = [makeJob("a"), makeJob("b")]
    let pods = [makePod(0), makePod(1), makePod(2, ready: false), makePod(3)]
    let tasks = [
      makeTask(jobs[0], on: pods[0], state: .running) { $0.status?.progressPercentage = 90 },
      makeTask(jobs[1], on: pods[3], state: .running) { $0.status?.progressPercentage = 10 },
    ]
    let byCount = (1...4).map { count -> [String] in
      let plan = plan(makePool(4 - count), pods: pods, jobs: jobs, tasks: tasks)
      return (plan.deletedPods + plan.drainedPods).map(\.name)
    }
    #expect(
      byCount == [
        ["pool-2"], ["pool-2", "pool-1"], ["pool-2", "pool-1", "pool-3"], ["pool-2", "pool-1", "pool-3", "pool-0"],
      ])
  }

  @Test func aBusyVictimFinishesFirst() {
    let job = makeJob()
    var pod = makePod(0)
    let task = makeTask(job, on: pod, state: .running)
    let pool = makePool(0)
    let first = plan(pool, pods: [pod], jobs: [job], tasks: [task])
    #expect(first.drainedPods.map(\.name) == ["pool-0"])
    #expect(first.deletedPods.isEmpty && first.tasks.stopped.isEmpty)
    pod.metadata.annotations?[Fleet.Annotation.drainingSince] = start.description
    let waiting = plan(pool, pods: [pod], jobs: [job], tasks: [task], after: 299)
    #expect(waiting.deletedPods.isEmpty && waiting.tasks.stopped.isEmpty && waiting.drainedPods.isEmpty)
    #expect(waiting.status.drainingReplicas == 1)
    #expect(waiting.checkAgainAt == start.adding(seconds: 300))
    let timedOut = plan(pool, pods: [pod], jobs: [job], tasks: [task], after: 300)
    #expect(timedOut.tasks.stopped.map(\.request) == [.draining])
    #expect(timedOut.deletedPods.isEmpty)
    let stuck = plan(pool, pods: [pod], jobs: [job], tasks: [task], after: 331)
    #expect(stuck.deletedPods.map(\.name) == ["pool-0"])
    let idle = plan(pool, pods: [pod], jobs: [job], after: 5)
    #expect(idle.deletedPods.map(\.name) == ["pool-0"])
  }

  // MARK: Dispatch

  @Test func idleReadyWorkersGetWaitingJobs() {
    let jobs = [
      makeJob("old", age: 10), makeJob("new"), makeJob("urgent", priority: 1), makeJob("held", suspend: true),
    ]
    let pods = [makePod(0), makePod(1, ready: false), makePod(2)]
    let plan = plan(makePool(3), pods: pods, jobs: jobs)
    #expect(plan.tasks.made.map(\.name) == ["urgent-0-0", "old-0-0"])
    #expect(plan.tasks.made.map(\.spec.worker.name) == ["pool-0", "pool-2"])
    #expect(plan.status.workerDemand == 3)
  }

  @Test func aWorkerThatLeavesGetsNothing() {
    let pods = [makePod(0), makePod(1)]
    let plan = plan(makePool(1), pods: pods, jobs: [makeJob("a"), makeJob("b")])
    #expect(plan.deletedPods.map(\.name) == ["pool-1"])
    #expect(plan.tasks.made.map(\.spec.worker.name) == ["pool-0"])
  }

  @Test func aRetryWaitsForItsBackoff() {
    let job = makeJob(status: makeStatus(attempt: 2, restarts: 2))
    let failed = makeTask(job, on: makePod(0), attempt: 1, state: .failed)
    let early = plan(makePool(1), pods: [makePod(0)], jobs: [job], tasks: [failed], after: 9)
    #expect(early.tasks.made.isEmpty)
    #expect(early.checkAgainAt == start.adding(seconds: 10))
    let due = plan(makePool(1), pods: [makePod(0)], jobs: [job], tasks: [failed], after: 10)
    #expect(due.tasks.made.map(\.name) == ["job-2-0"])
  }

  // MARK: Change of spec

  @Test func outdatedIdleWorkersAreReplacedOneAtATime() {
    var pool = makePool(2)
    let pods = [makePod(0), makePod(1)]
    pool.spec.image = "worker:next"
    let first = plan(pool, pods: pods)
    #expect(first.deletedPods.map(\.name) == ["pool-1"])
    let between = plan(pool, pods: [pods[0], makePod(1, of: pool, ready: false)])
    #expect(between.deletedPods.isEmpty, "the other one waits until the new worker is ready")
  }

  @Test func anInvalidPoolIsSaidAndLeftAlone() {
    let plan = plan(makePool(2), pods: [makePod(0)], errors: ["spec.env: bad"])
    #expect(plan.createdPods.isEmpty)
    #expect(plan.status.conditions[type: "Ready"]?.reason == "InvalidSpec")
  }

  @Test func aPullErrorReachesThePoolsStatus() {
    let pod = makePod(0, phase: "Pending", ready: false) { pod in
      var status = ContainerStatus(name: "worker", ready: false, image: "x")
      status.state = ContainerState(waiting: .init(reason: "ImagePullBackOff", message: "no such image"))
      pod.status?.containerStatuses = [status]
    }
    let message = plan(makePool(1), pods: [pod]).status.conditions[type: "Ready"]?.message
    #expect(message == "0 of 1 workers are ready; pool-0: ImagePullBackOff: no such image")
  }
}
