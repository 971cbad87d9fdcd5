import Basics
import FleetAPI
import KubeTypes
import Testing

/// The operator under faults, on the embedded API server: requests lost before and after they took effect, watches
/// dropped, history compacted, workers dying, models that wait for the registry, users changing their minds, and the
/// operator killed again and again.
///
/// What must hold in the end, whatever happened (the oracles of Sieve and Anvil): every job that its user let run is
/// completed, every death that hit it is counted, and no task counts twice (one that was made for a worker that was gone
/// by then counts as well), nothing was made twice, and nothing is written any more.
struct SimulationTests {
  @Test(arguments: [1, 2, 3, .random(in: 4...1_000_000)] as [UInt64])
  func whateverBreaksJobsAreCompletedAndCountedOnce(seed: UInt64) async throws {
    print("simulation seed: \(seed)")
    var random = SeededGenerator(seed: seed)
    let fleet = try TestFleet(seed: seed)
    let node = PretendedNode(fleet.client, behaviour: .init(deaths: 0.02, outages: 0.3), seed: seed)
    fleet.helper { await node.run() }
    fleet.startOperator()
    try await fleet.createPool(replicas: 4)
    fleet.faults.misbehave(lost: 0.1, unanswered: 0.1)

    let names = (0..<30).map { "job-\($0)" }
    for name in names { try await fleet.createJob(name) { $0.backoffLimit = 1000 } }
    for _ in 0..<40 {
      try await Task.sleep(for: .milliseconds(Int.random(in: 5...40, using: &random)))
      let name = names.randomElement(using: &random) ?? names[0]
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1:
        fleet.killOperator()
        fleet.startOperator()
      case 2: fleet.server.dropWatches()
      case 3: fleet.server.expireHistory()
      case 4:
        let replicas = Int.random(in: 2...6, using: &random)
        _ = try await fleet.client.resource(WorkerPool.self).setScale("pool", replicas: replicas)
      case 5: try await fleet.patchJob(name, spec: ["suspend": true])
      default: try await fleet.patchJob(name, spec: ["suspend": false])
      }
    }
    fleet.faults.misbehave(lost: 0, unanswered: 0)
    node.calmDown()
    for name in names { try await fleet.patchJob(name, spec: ["suspend": false]) }

    let done = try await fleet.eventually(within: .seconds(60)) { try await !fleet.jobs().contains { !$0.isFinished } }
    #expect(done, "seed \(seed)")
    let tasks = Dictionary(grouping: try await fleet.tasks(), by: \.spec.jobName)
    for job in try await fleet.jobs() {
      let story = tasks[job.name]?.map { "\($0.name) on \($0.spec.worker): \($0.state)" } ?? []
      #expect(job.hasSucceeded, "\(job.name): \(job.status?.conditions ?? []), seed \(seed)")
      let restarts = job.status?.restarts ?? 0
      let deaths = node.deaths[job.name] ?? 0
      let failed = max(deaths, fleet.faults.tasksMade(forJob: job.name) - 1)
      #expect((deaths...failed).contains(restarts), "\(job.name): \(story), seed \(seed)")
    }
    try await nothingIsLeftOver(fleet, seed)
    try await allIsQuiet(fleet, seed)
    await fleet.stop()
  }

  private func nothingIsLeftOver(_ fleet: TestFleet, _ seed: UInt64) async throws {
    let wanted = try await fleet.client.resource(WorkerPool.self).get("pool").spec.replicas
    #expect(try await fleet.eventually(within: .seconds(30)) { try await fleet.pods().count == wanted }, "seed \(seed)")
    let tasks = try await fleet.tasks()
    #expect(!tasks.contains { !$0.isFinished }, "seed \(seed)")
    let successes = Dictionary(grouping: tasks.filter { $0.state == .succeeded }, by: \.spec.jobName)
    for (job, tasks) in successes where tasks.count != 1 {
      let story = tasks.map { "\($0.name) on \($0.spec.worker), stop \(String(describing: $0.spec.stop))" }
      Issue.record("\(job) succeeded \(tasks.count) times: \(story), seed \(seed)")
    }
  }

  /// If the world stays still, so does the operator: a second without a write has to come.
  private func allIsQuiet(_ fleet: TestFleet, _ seed: UInt64) async throws {
    let isQuiet = try await fleet.eventually(within: .seconds(30)) {
      let before = fleet.faults.writes
      try await Task.sleep(for: .seconds(1))
      return fleet.faults.writes == before
    }
    #expect(isQuiet, "seed \(seed)")
  }
}
