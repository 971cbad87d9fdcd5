import ArgumentParser
import Basics
import FleetAPI
import KubeAccess
import KubeTypes

/// The operator alone under a small burst of jobs and a large one, in turn: what a job costs must not grow with how many
/// there are.
struct BurstBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "burst", abstract: "Throughput, CPU and memory of a small and a large burst, with hollow workers.")

  @Option(help: "The kubeconfig of an administrator.") var kubeconfig: String
  @Option(help: "The process of tensorfleet-operator.") var operatorPID: Int32
  @Option(help: "Jobs of the small burst.") var small = 1000
  @Option(help: "Jobs of the large burst.") var large = 5000
  @Option(help: "Hollow workers.") var workers = 200
  @Option(help: "Rounds; each measures both, in turn.") var rounds = 3
  @Flag(help: "Print JSON instead of a table.") var json = false

  struct Burst {
    var jobsPerSecond: Double
    var cpuMilliseconds: Double
    var peakMiB: Double
  }

  func run() async throws {
    let client = try KubeClient.connect(kubeconfig: kubeconfig, context: nil, userAgent: "fleet-bench")
    let namespace = "default"
    let pool = "burst"
    let hollow = HollowFleet.start(client, namespace: namespace, pool: pool)
    defer { hollow.cancel() }
    try await BenchPool.start(client, pool, namespace, workers: workers)
    var results: [Int: [Burst]] = [:]
    for round in 1...max(1, rounds) {
      for size in round % 2 == 1 ? [small, large] : [large, small] {
        progress("round \(round) of \(rounds): \(size) jobs")
        let burst = try await measure(size, "burst-\(round)-\(size)", pool, client, namespace)
        progress("  \(burst.jobsPerSecond.text()) jobs/s, \(burst.peakMiB.text()) MiB")
        results[size, default: []].append(burst)
      }
    }
    let (few, many) = (results[small] ?? [], results[large] ?? [])
    Report.print(
      title: "bursts of \(small) and \(large) jobs, \(workers) hollow workers, median of \(rounds) rounds",
      columns: ("\(large) jobs", "\(small) jobs"),
      rows: [
        ("jobs/s", many.map(\.jobsPerSecond).median, few.map(\.jobsPerSecond).median, 1),
        ("operator CPU ms/job", many.map(\.cpuMilliseconds).median, few.map(\.cpuMilliseconds).median, 2),
        ("operator peak MiB", many.map(\.peakMiB).max() ?? .nan, few.map(\.peakMiB).max() ?? .nan, 1),
      ], json: json)
  }

  private func measure(
    _ size: Int, _ prefix: String, _ pool: String, _ client: KubeClient, _ namespace: String
  ) async throws -> Burst {
    let side = Side.trainingJob(pool: pool)
    let counter = ConditionCounter(client, side.definition, namespace: namespace, condition: side.condition)
    let watching = Task { await counter.run() }
    defer { watching.cancel() }
    try await counter.waitUntilSynced()
    ProcessUsage.forgetPeak(pid: operatorPID)
    guard let before = ProcessUsage(pid: operatorPID) else { throw BenchError("the operator is not there") }
    let start = ContinuousClock.now
    try await side.create((0..<size).map { "\(prefix)-\($0)" }, with: client, namespace: namespace)
    try await counter.wait(for: size, timeout: .seconds(900))
    let seconds = ((counter.times.values.max() ?? .now) - start) / .seconds(1)
    // What is written late (events, a last status) belongs to the jobs as well.
    try await Task.sleep(for: .seconds(2))
    guard let after = ProcessUsage(pid: operatorPID) else { throw BenchError("the operator has died") }
    try await side.deleteAll(with: client, namespace: namespace)
    try await Task.sleep(for: .seconds(5))
    return Burst(
      jobsPerSecond: Double(size) / seconds,
      cpuMilliseconds: (after.cpuSeconds - before.cpuSeconds) * 1000 / Double(size), peakMiB: after.peakMiB)
  }
}
