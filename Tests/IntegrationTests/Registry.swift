import Basics
import FleetAPI
import Foundation
import KubeAccess
import KubeTypes
import Mongo
import Testing

/// The command line's view of a registry.
struct Registry {
  let location: String
  /// For what a test brings back.
  let folder = FileManager.default.temporaryDirectory.appending(path: "registry-\(UUID().uuidString.prefix(8))")
  private let program: URL

  init(_ location: String) async throws {
    self.location = location
    program = try await Installation.shared.ready().binaries.appending(path: "tensorfleet")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func run(_ arguments: String...) async throws -> CommandResult {
    try await IntegrationTests.run(program, arguments, environment: ["TENSORFLEET_REGISTRY": location])
  }

  /// Runs a command that is to succeed; returns what it prints.
  @discardableResult
  func must(_ arguments: String..., at place: SourceLocation = #_sourceLocation) async throws -> String {
    try await must(arguments, at: place)
  }

  private func must(_ arguments: [String], at place: SourceLocation) async throws -> String {
    let result = try await IntegrationTests.run(program, arguments, environment: ["TENSORFLEET_REGISTRY": location])
    #expect(
      result.status == 0, "tensorfleet \(arguments.joined(separator: " ")): \(result.error)", sourceLocation: place)
    return result.output
  }

  func json(_ arguments: String..., at place: SourceLocation = #_sourceLocation) async throws -> JSONValue {
    try JSON.decode(JSONValue.self, from: Data(try await must(arguments + ["-o", "json"], at: place).utf8))
  }
}

extension TestNamespace {
  /// A pool whose workers keep their registry where a Secret says.
  func createPool(_ pool: String = "pool", workers: Int, registry: String) async throws {
    try await apply(
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: \(pool)-registry}
      stringData: {uri: "\(registry)"}
      ---
      apiVersion: tensorfleet.io/v1alpha1
      kind: WorkerPool
      metadata: {name: \(pool)}
      spec:
        replicas: \(workers)
        env:
        - name: TENSORFLEET_REGISTRY
          valueFrom: {secretKeyRef: {name: \(pool)-registry, key: uri}}
      """)
    try await cluster.must("-n", name, "wait", "--for=condition=Ready", "workerpool/\(pool)", "--timeout=60s")
  }

  func jobs() async throws -> [TrainingJob] {
    try await cluster.client.resource(TrainingJob.self, namespace: name).list().items
  }

  /// Waits until everything that a job has to report is in the registry.
  func waitForReports(_ job: String, at place: SourceLocation = #_sourceLocation) async throws {
    let isReported = try await eventually(within: .seconds(60)) {
      try await self.job(job).status?.conditions[type: "Reported"]?.status == .true
    }
    let status = try await self.job(job).status
    #expect(isReported, "\(job): \(status?.conditions ?? [])", sourceLocation: place)
  }

  /// Every job succeeded at its first attempt, and MongoDB has one run, one point for each epoch and one version of one
  /// model of it: nothing lost, nothing doubled.
  func expectEverythingOnce(
    in mongo: MongoFixture, epochs: [String: Int], at place: SourceLocation = #_sourceLocation
  ) async throws {
    for (name, count) in epochs.sorted(by: { $0.key < $1.key }) {
      try await waitForReports(name, at: place)
      let job = try await self.job(name)
      #expect(job.hasSucceeded && job.status?.restarts == 0, "\(name)", sourceLocation: place)
      let run = try await mongo.collection("runs").findOne(["_id": .string(job.uid)])
      #expect(run?["attempts"]?.documentValue?.keys == ["0"], "runs of \(name)", sourceLocation: place)
      #expect(run?["state"]?.stringValue == "Succeeded", "\(name)", sourceLocation: place)
      let points = try await mongo.collection("metrics").find(["run": .string(job.uid), "scope": "epoch"])
      let found = points.compactMap { $0["epoch"]?.intValue }.sorted()
      #expect(found == Array(1...count), "epochs of \(name)", sourceLocation: place)
      let models = try await mongo.collection("models").find(["name": .string(name)])
      #expect(models.count == 1, "models of \(name): \(models)", sourceLocation: place)
    }
  }

  struct WorkerMemory {
    var pod: String
    /// Bytes.
    var peak: Int
  }

  /// The highest memory of each worker process of this namespace.
  func workerMemory() throws -> [WorkerMemory] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
      guard Int(entry) != nil, let data = FileManager.default.contents(atPath: "/proc/\(entry)/environ") else {
        return nil
      }
      let variables = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      guard variables.contains("TENSORFLEET_NAMESPACE=\(name)"),
        let pod = variables.first(where: { $0.hasPrefix("TENSORFLEET_POD_NAME=") }),
        let status = FileManager.default.contents(atPath: "/proc/\(entry)/status"),
        let peak = String(decoding: status, as: UTF8.self).firstMatch(of: /VmHWM:\s+([0-9]+) kB/).flatMap({ Int($0.1) })
      else { return nil }
      return WorkerMemory(pod: pod, peak: peak << 10)
    }
  }
}

extension Installation {
  /// Everything that operator, pod runner and workers wrote, by file.
  func logs() throws -> [String: String] {
    var texts: [String: String] = [:]
    for file in FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    where file.hasSuffix(".log") || file.hasPrefix("workers/") {
      guard let data = FileManager.default.contents(atPath: folder.appending(path: file).path) else { continue }
      texts[file] = String(decoding: data, as: UTF8.self)
    }
    return texts
  }
}
