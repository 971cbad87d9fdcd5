import Basics
import FleetAPI
import KubeAccess
import KubeEmbedded
import KubeTypes
import TestSupport

/// One simulated story of the operator under faults: requests lost before and after they took effect, watches dropped,
/// history compacted, workers dying, models that wait for the registry, users changing their minds, and two replicas of
/// the operator, of which now and then one is killed, or frozen and thawed when another may lead.
struct Scenario: Sendable {
  let seed: UInt64
  /// False leaves out the fence that keeps a deposed leader from writing: a mistake for the oracles to find.
  var fencesWrites = true

  private static let replicas = ["a", "b"]
  private static let jobs = (0..<7).map { "job-\($0)" }

  struct Outcome: Sendable {
    /// What should hold and does not; empty where all is well.
    var problems: [String]
    var trace: String
    var faults: [String: Int]
  }

  /// Runs the story to its end.
  func run() -> Outcome {
    let simulation = Simulation(seed: seed)
    do {
      let fleet = try TestFleet(seed: seed, simulation: simulation)
      do {
        let (problems, faults) = try simulation.run(limit: .seconds(3600)) { try await play(fleet) }
        return Outcome(problems: problems, trace: fleet.trace.text, faults: faults)
      } catch { return Outcome(problems: ["\(error)"], trace: fleet.trace.text, faults: [:]) }
    } catch { return Outcome(problems: ["\(error)"], trace: "", faults: [:]) }
  }

  private func play(_ fleet: TestFleet) async throws -> ([String], [String: Int]) {
    var random = SplitMix64(seed: seed)
    let behaviour = PretendedNode.Behaviour(step: .milliseconds(800), stepsPerTask: 3, deaths: 0.04, outages: 0.3)
    let node = PretendedNode(
      fleet.client, behaviour: behaviour, seed: random.next(), clock: fleet.clock, trace: fleet.trace)
    fleet.helper { await node.run() }
    for name in Self.replicas { start(name, fleet) }
    try await fleet.createPool(replicas: 3)
    fleet.faults.misbehave(lost: 0.1, unanswered: 0.1)
    for name in Self.jobs { try await fleet.createJob(name) { $0.backoffLimit = 1000 } }
    let faults = try await disturb(fleet, &random)
    fleet.faults.misbehave(lost: 0, unanswered: 0)
    node.calmDown()
    for name in Self.jobs { try await fleet.patchJob(name, spec: ["suspend": false]) }
    let problems = try await problems(fleet, node)
    await fleet.stop()
    return (problems + fleet.faults.violations, faults)
  }

  private func start(_ name: String, _ fleet: TestFleet) {
    fleet.startOperator(name, elects: true, fencesWrites: fencesWrites)
  }

  private func disturb(_ fleet: TestFleet, _ random: inout SplitMix64) async throws -> [String: Int] {
    var faults: [String: Int] = [:]
    var frozen: String?
    for _ in 0..<20 {
      try await fleet.clock.sleep(for: .milliseconds(Int.random(in: 50...2500, using: &random)))
      let job = Self.jobs.randomElement(using: &random) ?? Self.jobs[0]
      let replica = Self.replicas.randomElement(using: &random) ?? Self.replicas[0]
      let leader = try await fleet.leader()
      let kind: String
      switch Int.random(in: 0..<9, using: &random) {
      case 0:
        kind = "kill"
        fleet.killOperator(replica)
        start(replica, fleet)
        if frozen == replica { frozen = nil }
      case 1 where frozen == nil:
        kind = "freeze"
        let name = leader ?? replica
        fleet.freezeOperator(name)
        frozen = name
      case 2 where frozen != nil:
        kind = "thaw"
        // Mostly when the other one leads by now.
        if Bool.random(using: &random) { try await fleet.clock.sleep(for: .seconds(20)) }
        if let name = frozen { fleet.thawOperator(name) }
        frozen = nil
      case 3:
        kind = "dropped watches"
        fleet.server.dropWatches()
      case 4:
        kind = "forgotten history"
        fleet.server.expireHistory()
      case 5:
        kind = "resize"
        let replicas = Int.random(in: 2...5, using: &random)
        _ = try await fleet.client.resource(WorkerPool.self).setScale("pool", replicas: replicas)
      case 6:
        kind = "suspend"
        try await fleet.patchJob(job, spec: ["suspend": true])
      default:
        kind = "resume"
        try await fleet.patchJob(job, spec: ["suspend": false])
      }
      fleet.trace.note("test", kind)
      faults[kind, default: 0] += 1
    }
    if let frozen { fleet.thawOperator(frozen) }
    return faults
  }

  /// What must hold in the end, whatever happened (the oracles of Sieve and Anvil): every job that its user let run is
  /// completed, every death that hit it is counted, and no task counts twice (one that was made for a worker that was
  /// gone by then counts as well), nothing was made twice, and nothing is written any more.
  private func problems(_ fleet: TestFleet, _ node: PretendedNode) async throws -> [String] {
    var problems: [String] = []
    if try await !fleet.eventually(within: .seconds(600), { try await !fleet.jobs().contains { !$0.isFinished } }) {
      problems.append("jobs are not over")
    }
    let tasks = Dictionary(grouping: try await fleet.tasks(), by: \.spec.jobName)
    for job in try await fleet.jobs() {
      let story = tasks[job.name]?.map { "\($0.name) on \($0.spec.worker): \($0.state)" } ?? []
      if !job.hasSucceeded { problems.append("\(job.name) is \(job.state): \(story)") }
      let restarts = job.status?.restarts ?? 0
      let deaths = node.deaths[job.name] ?? 0
      let failed = max(deaths, fleet.faults.tasksMade(forJob: job.name) - 1)
      if !(deaths...failed).contains(restarts) {
        problems.append("\(job.name) counts \(restarts) restarts, of \(deaths) to \(failed): \(story)")
      }
      let successes = tasks[job.name]?.filter { $0.state == .succeeded }.count ?? 0
      if successes > 1 { problems.append("\(job.name) succeeded \(successes) times: \(story)") }
    }
    let wanted = try await fleet.client.resource(WorkerPool.self).get("pool").spec.replicas
    if try await !fleet.eventually(within: .seconds(120), { try await fleet.pods().count == wanted }) {
      problems.append("\(try await fleet.pods().count) pods, not \(wanted)")
    }
    if try await fleet.tasks().contains(where: { !$0.isFinished }) { problems.append("tasks are not over") }
    // If the world stays still, so does the operator.
    let isQuiet = try await fleet.eventually(within: .seconds(120)) {
      let before = fleet.faults.writes
      try await fleet.clock.sleep(for: .seconds(5))
      return fleet.faults.writes == before
    }
    if !isQuiet { problems.append("it goes on writing") }
    return problems
  }
}
