import ArgumentParser
import Basics
import FleetAPI
import KubeAccess
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One job at a time: from the request that creates it to the first training step of a warm worker; beside it, from the
/// creation of a plain Job to its completion by a kubelet that takes no time at all, the least a Job can take.
struct LatencyBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency", abstract: "From apply to the first training step, with real workers.")

  @Option(help: "The kubeconfig of an administrator.") var kubeconfig: String
  @Option(help: "A CSV file of the workers' data directory, with a column Species.") var dataset = "iris.csv"
  @Option(help: "Jobs of either kind.") var jobs = 50
  @Flag(help: "Print JSON instead of a table.") var json = false

  func run() async throws {
    let client = try KubeClient.connect(kubeconfig: kubeconfig, context: nil, userAgent: "fleet-bench")
    let namespace = "default"
    let pool = "latency"
    let pods = Task {
      await HollowPods(client: client, namespace: namespace, selector: "fleet-bench=job", life: .succeeds).run()
    }
    defer { pods.cancel() }
    try await BenchPool.start(client, pool, namespace, workers: 1)
    let ours = Side.trainingJob(
      pool: pool, dataset: ["uri": .string(dataset), "targetColumn": "Species", "dropColumns": ["Id"]])
    let counter = ConditionCounter(
      client, Side.batchJob.definition, namespace: namespace, condition: Side.batchJob.condition)
    let watching = Task { await counter.run() }
    defer { watching.cancel() }
    try await counter.waitUntilSynced()

    var firstStep: [Double] = []
    var completed: [Double] = []
    var plain: [Double] = []
    for index in 0..<jobs {
      let name = "latency-\(index)"
      let start = Timestamp.now
      try await ours.create([name], with: client, namespace: namespace)
      let task = try await waitForTask(of: name, client, namespace)
      if let step = task.status?.firstStepTime { firstStep.append(step.time.seconds(since: start) * 1000) }
      if let done = try await waitForJob(name, client, namespace) {
        completed.append((done - start.secondsSince1970) * 1000)
      }
      let began = ContinuousClock.now
      try await Side.batchJob.create([name], with: client, namespace: namespace)
      try await counter.wait(for: index + 1, timeout: .seconds(60))
      if let time = counter.times[name] { plain.append((time - began) / .milliseconds(1)) }
      if index % 10 == 9 { progress("\(index + 1) of \(jobs) jobs") }
    }
    Report.print(
      title: "milliseconds, \(jobs) jobs one at a time; Job: create to Complete with a kubelet of no cost",
      columns: ("first step", "Job complete"),
      rows: [
        ("median", firstStep.median, plain.median, 1), ("90 %", firstStep.quantile(0.9), plain.quantile(0.9), 1),
        ("slowest", firstStep.quantile(1), plain.quantile(1), 1),
        ("job succeeded, median", completed.median, plain.median, 1),
      ], json: json)
  }

  /// The job's task, once it is over.
  private func waitForTask(of job: String, _ client: KubeClient, _ namespace: String) async throws -> TrainingTask {
    let tasks = client.resource(TrainingTask.self, namespace: namespace)
    let name = TrainingTask.name(job: job, attempt: 0, member: 0)
    for _ in 0..<3000 {
      do {
        let task = try await tasks.get(name)
        if task.state == .failed { throw BenchError("task \(name) failed: \(task.status?.failure?.message ?? "")") }
        if task.isFinished { return task }
      } catch let error as KubeError where error.isNotFound {}
      try await Task.sleep(for: .milliseconds(10))
    }
    throw BenchError("task \(name) did not end in 30 s")
  }

  /// When the job was first seen to have succeeded, in seconds since 1970.
  private func waitForJob(_ name: String, _ client: KubeClient, _ namespace: String) async throws -> Double? {
    let jobs = client.resource(TrainingJob.self, namespace: namespace)
    for _ in 0..<1000 {
      if try await jobs.get(name).hasSucceeded { return Timestamp.now.secondsSince1970 }
      try await Task.sleep(for: .milliseconds(2))
    }
    return nil
  }
}
