import ArgumentParser
import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// Many jobs of one task each over hollow workers: jobs per second, requests per job, CPU and memory of the controller.
struct ControlPlaneBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control-plane", abstract: "Throughput, requests, CPU and memory, with hollow workers.")

  @Option(help: "The kubeconfig of an administrator.") var kubeconfig: String
  @Option(help: "The process of tensorfleet-operator.") var operatorPID: Int32
  @Option(help: "The process of kube-controller-manager.") var controllerManagerPID: Int32
  @Option(help: "Jobs a round.") var jobs = 1000
  @Option(help: "Hollow workers.") var workers = 200
  @Option(help: "Rounds; each measures both, in turn.") var rounds = 3
  @Flag(help: "Print JSON instead of a table.") var json = false

  struct Round {
    var jobsPerSecond: Double
    var requestsPerJob: Double
    var cpuSeconds: Double
    var peakMiB: Double
  }

  func run() async throws {
    let client = try KubeClient.connect(kubeconfig: kubeconfig, context: nil, userAgent: "fleet-bench")
    let namespace = "default"
    let pool = "bench"
    let ours = Side.trainingJob(pool: pool)
    let theirs = Side.batchJob
    let hollow = HollowFleet.start(client, namespace: namespace, pool: pool)
    let jobPods = Task {
      await HollowPods(client: client, namespace: namespace, selector: "fleet-bench=job", life: .succeeds).run()
    }
    defer {
      hollow.cancel()
      jobPods.cancel()
    }
    try await BenchPool.start(client, pool, namespace, workers: workers)

    var results: [String: [Round]] = [:]
    for round in 1...max(1, rounds) {
      // Each goes first in turn: whoever does has the smaller database.
      let order =
        round % 2 == 1
        ? [(ours, operatorPID), (theirs, controllerManagerPID)]
        : [(theirs, controllerManagerPID), (ours, operatorPID)]
      for (side, pid) in order {
        progress("round \(round) of \(rounds): \(side.name), \(jobs) jobs")
        let result = try await measure(side, pid, client, namespace, round)
        progress("  \(result.jobsPerSecond.text()) jobs/s, \(result.requestsPerJob.text(2)) requests a job")
        results[side.name, default: []].append(result)
      }
    }
    report(results[ours.name] ?? [], results[theirs.name] ?? [])
  }

  private func measure(
    _ side: Side, _ pid: Int32, _ client: KubeClient, _ namespace: String, _ round: Int
  ) async throws -> Round {
    let counter = ConditionCounter(client, side.definition, namespace: namespace, condition: side.condition)
    let watching = Task { await counter.run() }
    defer { watching.cancel() }
    try await counter.waitUntilSynced()
    guard let before = ProcessUsage(pid: pid) else { throw BenchError("process \(pid) of \(side.name) is not there") }
    let requestsBefore = try await ServerRequests(client).count
    let start = ContinuousClock.now
    try await side.create((0..<jobs).map { "bench-\(round)-\($0)" }, with: client, namespace: namespace)
    try await counter.wait(for: jobs, timeout: .seconds(900))
    let seconds = (counter.times.values.max() ?? .now) - start
    // What is written late (events, a last status) belongs to the jobs as well.
    try await Task.sleep(for: .seconds(2))
    let requests = try await ServerRequests(client).count - requestsBefore
    guard let after = ProcessUsage(pid: pid) else { throw BenchError("process \(pid) of \(side.name) has died") }
    try await side.deleteAll(with: client, namespace: namespace)
    try await Task.sleep(for: .seconds(5))
    return Round(
      jobsPerSecond: Double(jobs) / (seconds / .seconds(1)),
      requestsPerJob: requests / Double(jobs) - Double(side.ownRequests),
      cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakMiB: after.peakMiB)
  }

  private func report(_ ours: [Round], _ theirs: [Round]) {
    let rows: [(name: String, ours: Double, theirs: Double, digits: Int)] = [
      ("jobs/s", ours.map(\.jobsPerSecond).median, theirs.map(\.jobsPerSecond).median, 1),
      ("API requests/job", ours.map(\.requestsPerJob).median, theirs.map(\.requestsPerJob).median, 2),
      ("controller CPU s", ours.map(\.cpuSeconds).median, theirs.map(\.cpuSeconds).median, 2),
      ("controller peak MiB", ours.map(\.peakMiB).max() ?? .nan, theirs.map(\.peakMiB).max() ?? .nan, 1),
    ]
    Report.print(
      title: "\(jobs) jobs of one task, \(workers) hollow workers, median of \(rounds) rounds",
      columns: ("TensorFleet", "Job controller"), rows: rows, json: json)
  }
}
