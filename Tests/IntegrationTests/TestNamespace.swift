import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import Testing

/// Data sets of other projects, for tests that are worth their time only on real data: a folder with `mnist/`.
enum RealData {
  static let folder: URL? = {
    let given = ProcessInfo.processInfo.environment["TENSORFLEET_TEST_DATA"].map { URL(filePath: $0) }
    let beside = Cluster.repository.deletingLastPathComponent().appending(path: "shared/data")
    return [given, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0.path) }
  }()
}

/// A namespace of a test's own, with a pool of workers.
struct TestNamespace: Sendable {
  let cluster: Cluster
  let name: String

  /// Makes the namespace, and a pool `pool` of so many workers; returns once they are ready.
  init(workers: Int) async throws {
    cluster = try await Installation.shared.ready()
    name = "test-\(UUID().uuidString.prefix(8).lowercased())"
    try await cluster.must("create", "namespace", name)
    if workers > 0 { try await createPool(workers: workers) }
  }

  func createPool(_ pool: String = "pool", workers: Int) async throws {
    try await apply(
      """
      apiVersion: tensorfleet.io/v1alpha1
      kind: WorkerPool
      metadata: {name: \(pool)}
      spec: {replicas: \(workers)}
      """)
    try await cluster.must("-n", name, "wait", "--for=condition=Ready", "workerpool/\(pool)", "--timeout=60s")
  }

  /// Removes all of it: nothing of one test is left to slow down the next.
  func remove() async throws { try await cluster.must("delete", "namespace", name, "--wait=false") }

  func apply(_ manifest: String, at location: SourceLocation = #_sourceLocation) async throws {
    try await cluster.must("-n", name, "apply", "-f", "-", input: manifest, at: location)
  }

  /// A job's manifest; what is given for its dataset and the rest of its spec is YAML in flow style.
  static func manifest(
    _ job: String, algorithm: String = "LogisticRegression", pool: String = "pool",
    dataset: String = "{uri: iris.csv, targetColumn: Species, dropColumns: [Id]}", rest: String = ""
  ) -> String {
    """
    apiVersion: tensorfleet.io/v1alpha1
    kind: TrainingJob
    metadata: {name: \(job)}
    spec:
      workerPoolName: \(pool)
      algorithm: \(algorithm)
      dataset: \(dataset)
    \(rest.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    """
  }

  /// A job that takes some time: an MLP on generated digits.
  static func longJob(_ job: String, epochs: Int = 400, rest: String = "") -> String {
    manifest(
      job, algorithm: "MLP", dataset: "{uri: 'builtin://digits?count=500&seed=1', format: IDX}",
      rest: "epochs: \(epochs)\nbatchSize: 50\n" + rest)
  }

  func job(_ job: String) async throws -> TrainingJob {
    try await cluster.client.resource(TrainingJob.self, namespace: name).get(job)
  }
  func tasks() async throws -> [TrainingTask] {
    try await cluster.client.resource(TrainingTask.self, namespace: name).list().items
  }
  func pods() async throws -> [Pod] { try await cluster.client.resource(Pod.self, namespace: name).list().items }

  /// kubectl wait for the job's success.
  func waitForSuccess(_ job: String, timeout: Int = 120, at location: SourceLocation = #_sourceLocation) async throws {
    let result = try await cluster.kubectl(
      "-n", name, "wait", "--for=condition=Succeeded", "trainingjob/\(job)", "--timeout=\(timeout)s")
    let status = try await self.job(job).status
    #expect(result.status == 0, "\(job): \(result.error) \(status?.conditions ?? [])", sourceLocation: location)
  }

  /// Waits until a worker has made its first steps for the job, which must not be over by then.
  func waitForProgress(_ job: String, at location: SourceLocation = #_sourceLocation) async throws {
    let moved = try await eventually(within: .seconds(60)) {
      try await tasks().contains { $0.spec.jobName == job && ($0.status?.step ?? 0) > 0 }
    }
    let now = try await self.job(job)
    #expect(moved, "\(job) did not begin: \(now.status?.conditions ?? [])", sourceLocation: location)
    #expect(!now.isFinished, "\(job) is over already: give it more epochs", sourceLocation: location)
  }

  func events(of object: String) async throws -> [Event] {
    try await cluster.client.resource(Event.self, namespace: name).list(
      .init(fieldSelector: "involvedObject.name=\(object)")
    ).items
  }
}
