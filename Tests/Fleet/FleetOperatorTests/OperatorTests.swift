import Basics
import FleetAPI
import KubeAccess
import KubeTypes
import Testing

/// The operator on the embedded API server: what users see.
struct OperatorTests {
  private func fleet(replicas: Int = 2, works: Bool = true) async throws -> TestFleet {
    let fleet = try TestFleet()
    let node = PretendedNode(fleet.client, behaviour: .init(works: works))
    fleet.helper { await node.run() }
    fleet.startOperator()
    try await fleet.createPool(replicas: replicas)
    return fleet
  }

  private func report(_ fleet: TestFleet, _ task: String, _ status: JSONValue) async throws {
    _ = try await fleet.client.resource(TrainingTask.self)
      .patch(task, .merge(["status": status]), subresource: "status")
  }

  @Test func aJobRunsAndCompletes() async throws {
    let fleet = try await fleet()
    try await fleet.createJob("job")
    #expect(try await fleet.eventually { try await fleet.job("job").hasSucceeded })
    let job = try await fleet.job("job")
    #expect(job.status?.progressPercentage == 100)
    #expect(job.status?.accuracy == "0.97")
    #expect(job.status?.workers == 0)
    #expect(job.status?.startTime != nil)
    #expect(job.status?.completionTime != nil)
    let told = try await fleet.eventually {
      let events = try await fleet.client.resource(Event.self).list().items.filter { $0.involvedObject.name == "job" }
      let reasons = events.compactMap(\.reason).sorted()
      // A task that is over within a moment is told of by its end alone.
      return reasons == ["Completed"] || reasons == ["Admitted", "Completed"]
    }
    #expect(told, "the story of a good job is short")
    await fleet.stop()
  }

  @Test func theWorkersAccountIsMadeAndBound() async throws {
    let fleet = try await fleet()
    #expect(try await fleet.eventually { try await fleet.pods().count == 2 })
    _ = try await fleet.client.resource(ServiceAccount.self).get("tensorfleet-worker")
    let binding = try await fleet.client.resource(RoleBinding.self).get("tensorfleet-worker")
    #expect(binding.roleRef.name == "tensorfleet-worker")
    await fleet.stop()
  }

  @Test func aDeletedJobFreesItsWorkerAtOnce() async throws {
    let fleet = try await fleet(replicas: 1, works: false)
    try await fleet.createJob("first")
    #expect(try await fleet.eventually { try await fleet.tasks().map(\.name) == ["first-0-0"] })
    try await fleet.createJob("second")
    try await fleet.client.resource(TrainingJob.self).delete("first")
    #expect(try await fleet.eventually { try await fleet.tasks().map(\.name) == ["second-0-0"] })
    await fleet.stop()
  }

  @Test func aJobCreatedAnewUnderItsNameIsAJobOfItsOwn() async throws {
    let fleet = try await fleet(replicas: 1)
    for round in 0..<3 {
      try await fleet.createJob("job")
      #expect(try await fleet.eventually { try await fleet.job("job").hasSucceeded }, "round \(round)")
      #expect(try await fleet.job("job").status?.attempt == 0)
      try await fleet.client.resource(TrainingJob.self).delete("job")
    }
    await fleet.stop()
  }

  @Test func aSuspendedJobStopsAndGoesOnLater() async throws {
    let fleet = try await fleet(replicas: 1, works: false)
    try await fleet.createJob("job")
    #expect(try await fleet.eventually { try await fleet.job("job").state == "Running" })
    try await fleet.patchJob("job", spec: ["suspend": true])
    #expect(try await fleet.eventually { try await fleet.tasks().first?.spec.stop?.reason == "Suspended" })
    #expect(try await fleet.eventually { try await fleet.job("job").state == "Suspended" })
    try await report(fleet, "job-0-0", ["state": "Stopped"])
    #expect(try await fleet.eventually { try await fleet.job("job").status?.attempt == 1 })
    #expect(try await fleet.job("job").state == "Suspended")
    try await fleet.patchJob("job", spec: ["suspend": false])
    #expect(try await fleet.eventually { try await fleet.tasks().contains { $0.name == "job-1-0" } })
    #expect(try await fleet.eventually { try await fleet.job("job").state == "Running" })
    #expect(try await fleet.job("job").status?.restarts == 0)
    await fleet.stop()
  }

  @Test func aPoolThatComesLaterTakesTheWaitingJob() async throws {
    let fleet = try await fleet()
    try await fleet.createJob("job", pool: "later")
    #expect(try await fleet.job("job").state == "Queued", "the server itself says so at once")
    #expect(
      try await fleet.eventually {
        try await fleet.job("job").status?.conditions[type: "Admitted"]?.reason == "WorkerPoolNotFound"
      })
    try await fleet.createPool("later", replicas: 1)
    #expect(try await fleet.eventually { try await fleet.job("job").hasSucceeded })
    await fleet.stop()
  }

  @Test func jobsPastTheirTimeToLiveAreGone() async throws {
    let fleet = try await fleet()
    try await fleet.createJob("job") { $0.ttlSecondsAfterFinished = 0 }
    #expect(try await fleet.eventually { try await fleet.jobs().isEmpty })
    #expect(try await fleet.eventually { try await fleet.tasks().isEmpty })
    await fleet.stop()
  }

  @Test func scalingDownDrainsTheBusyAndTakesTheIdle() async throws {
    let fleet = try await fleet(replicas: 2, works: false)
    try await fleet.createJob("job")
    #expect(try await fleet.eventually { try await fleet.tasks().count == 1 })
    let worker = try #require(try await fleet.tasks().first?.spec.worker.name)
    _ = try await fleet.client.resource(WorkerPool.self).setScale("pool", replicas: 0)
    #expect(try await fleet.eventually { try await fleet.pods().map(\.name) == [worker] })
    let pod = try #require(try await fleet.pods().first)
    #expect(pod.metadata.annotations?[Fleet.Annotation.drainingSince] != nil)
    try await report(fleet, "job-0-0", ["state": "Succeeded"])
    #expect(try await fleet.eventually { try await fleet.job("job").hasSucceeded })
    #expect(try await fleet.eventually { try await fleet.pods().isEmpty })
    await fleet.stop()
  }

  @Test func aWorkerTrainsTheNextJobWhileAModelWaitsForTheRegistry() async throws {
    let fleet = try TestFleet()
    let node = PretendedNode(fleet.client, behaviour: .init(outages: 1, stepsOfOutage: 200))
    fleet.helper { await node.run() }
    fleet.startOperator()
    try await fleet.createPool(replicas: 1)
    try await fleet.createJob("a")
    try await fleet.createJob("b")
    let bothWait = try await fleet.eventually {
      try await fleet.jobs().allSatisfy {
        $0.state == "Reporting" && $0.status?.conditions[type: "Reported"]?.status == .false
      }
    }
    #expect(bothWait, "one worker trained both before the registry was back")
    let done = try await fleet.eventually { try await fleet.jobs().allSatisfy(\.hasSucceeded) }
    #expect(done)
    for job in try await fleet.jobs() { #expect(job.status?.conditions[type: "Reported"]?.status == .true) }
    await fleet.stop()
  }
}
