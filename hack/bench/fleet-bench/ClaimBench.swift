import ArgumentParser
import Basics
import FleetAPI
import KubeAccess
import KubeTypes
import Synchronization

/// From the request that creates a job to the moment at which a warm worker sees its task: of a burst, and at a steady rate.
struct ClaimBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "How long a job waits for a warm worker, with hollow workers.")

  @Option(help: "The kubeconfig of an administrator.") var kubeconfig: String
  @Option(help: "Jobs of the burst, and hollow workers.") var burst = 300
  @Option(help: "Jobs a second of the steady rate.") var rate = 45
  @Option(help: "Seconds of the steady rate.") var seconds = 20
  @Option(help: "Rounds; each measures both, in turn.") var rounds = 3
  @Flag(help: "Print JSON instead of a table.") var json = false

  func run() async throws {
    let client = try KubeClient.connect(kubeconfig: kubeconfig, context: nil, userAgent: "fleet-bench")
    let namespace = "default"
    let pool = "claim"
    let claims = Claims()
    let hollow = HollowFleet.start(client, namespace: namespace, pool: pool) { claims.seen($0.spec.jobName) }
    defer { hollow.cancel() }
    try await BenchPool.start(client, pool, namespace, workers: burst)
    let side = Side.trainingJob(pool: pool)
    var bursts: [Double] = []
    var steady: [Double] = []
    for round in 1...max(1, rounds) {
      progress("round \(round) of \(rounds): a burst of \(burst)")
      bursts += try await measure(
        (0..<burst).map { "claim-\(round)-\($0)" }, every: nil, side, claims, client, namespace)
      progress("round \(round) of \(rounds): \(rate) jobs a second for \(seconds) s")
      steady += try await measure(
        (0..<rate * seconds).map { "steady-\(round)-\($0)" }, every: .seconds(1) / rate, side, claims, client, namespace
      )
    }
    Report.print(
      title: "milliseconds from create to a warm worker's watch, \(burst) hollow workers, \(rounds) rounds",
      columns: ("burst of \(burst)", "\(rate) jobs/s"),
      rows: [
        ("p50", bursts.median, steady.median, 1), ("p99", bursts.quantile(0.99), steady.quantile(0.99), 1),
        ("slowest", bursts.quantile(1), steady.quantile(1), 1),
      ], json: json)
  }

  /// Creates jobs, all as fast as the server takes them or one each `interval`.
  /// - Returns: the milliseconds that each waited.
  private func measure(
    _ names: [String], every interval: Duration?, _ side: Side, _ claims: Claims, _ client: KubeClient,
    _ namespace: String
  ) async throws -> [Double] {
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (place, name) in names.enumerated() {
        if let interval { try await Task.sleep(until: start + interval * place, clock: .continuous) }
        if interval == nil, place >= 16 { try await group.next() }
        group.addTask {
          claims.asked(name)
          try await side.create(name, with: client, namespace: namespace)
        }
      }
      try await group.waitForAll()
    }
    let end = ContinuousClock.now + .seconds(120)
    while claims.waits(of: names).count < names.count {
      guard ContinuousClock.now < end else { throw BenchError("not all jobs were claimed within two minutes") }
      try await Task.sleep(for: .milliseconds(20))
    }
    try await Task.sleep(for: .seconds(2))
    try await side.deleteAll(with: client, namespace: namespace)
    try await Task.sleep(for: .seconds(3))
    return claims.waits(of: names)
  }
}

/// When each job was asked for, and when a worker saw its task first.
private final class Claims: Sendable {
  private struct Times {
    var asked: ContinuousClock.Instant
    var seen: ContinuousClock.Instant?
  }
  private let jobs = Mutex<[String: Times]>([:])

  func asked(_ job: String) { jobs.withLock { $0[job] = Times(asked: .now) } }
  func seen(_ job: String) {
    jobs.withLock { jobs in
      if jobs[job]?.seen == nil { jobs[job]?.seen = .now }
    }
  }

  /// Milliseconds, of those that were seen.
  func waits(of names: [String]) -> [Double] {
    jobs.withLock { jobs in
      names.compactMap { name in
        jobs[name].flatMap { times in times.seen.map { ($0 - times.asked) / .milliseconds(1) } }
      }
    }
  }
}
