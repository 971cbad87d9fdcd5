import Basics
import Fetching
import FleetAPI
import Foundation
import KubeAccess
import KubeEmbedded
import KubeTypes
import Logging
import Registries
import Testing
import TrainingDefinition
import WorkerAgent

/// An API in this process, a registry in a directory, and what is needed to put tasks before a worker.
final class World: Sendable {
  let server = EmbeddedAPIServer()
  let client: KubeClient
  let root: URL
  let registry: DirectoryRegistry
  var tasks: Resource<TrainingTask> { client.resource(TrainingTask.self) }

  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "fleetworker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    registry = try DirectoryRegistry(root: root.appending(path: "registry"))
    client = KubeClient(transport: server)
    try server.install(crd: Self.taskDefinition)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  private static let taskDefinition: JSONValue = [
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": ["name": "trainingtasks.tensorfleet.io"],
    "spec": [
      "group": "tensorfleet.io", "scope": "Namespaced",
      "names": [
        "plural": "trainingtasks", "singular": "trainingtask", "kind": "TrainingTask", "listKind": "TrainingTaskList",
      ],
      "versions": [
        [
          "name": "v1alpha1", "served": true, "storage": true, "subresources": ["status": [:]],
          "schema": [
            "openAPIV3Schema": [
              "type": "object",
              "properties": [
                "spec": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
              ],
            ]
          ],
        ]
      ],
    ],
  ]

  /// A log that says nothing.
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func worker(
    _ pod: String = "w-0", uid: String = "pod-uid", engine: any TrainingEngine, sources: DataSources? = nil,
    registry: (any Registry)? = nil, spoolBytes: Int = SpoolOptions.defaultBytes, spoolFaults: FaultPoint? = nil,
    grace: Duration = .seconds(4)
  ) -> FleetWorker {
    FleetWorker(
      client: client, identity: WorkerIdentity(podName: pod, podUID: uid, namespace: "default"),
      registry: registry ?? self.registry,
      spool: SpoolOptions(
        directory: root.path + "/spool/" + uid, maximumBytes: spoolBytes, patience: .milliseconds(300)),
      engine: engine,
      sources: sources ?? DataSources(SourceOptions(environment: [:])), spoolFaults: spoolFaults, grace: grace,
      throttle: ReportThrottle(interval: .milliseconds(20)), log: Self.quiet)
  }

  func file(_ name: String, _ text: String) throws -> String {
    let url = root.appending(path: name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @discardableResult
  func create(
    _ job: String = "job", attempt: Int = 0, pod: String = "w-0", podUID: String = "pod-uid",
    training: TrainingSpec = World.training, group: RankGroup = RankGroup(), stop: StopRequest? = nil
  ) async throws -> TrainingTask {
    let task = TrainingTask(
      metadata: ObjectMeta(
        name: TrainingTask.name(job: job, attempt: attempt, member: 0), namespace: "default",
        labels: [Fleet.Label.worker: pod, Fleet.Label.job: job]),
      spec: TrainingTaskSpec(
        jobName: job, jobUID: "uid-of-\(job)", attempt: attempt, worker: WorkerReference(name: pod, uid: podUID),
        training: training, group: group, stop: stop))
    return try await tasks.create(task)
  }

  static let training = TrainingSpec(
    algorithm: .mlp, dataset: DatasetSpec(uri: "builtin://digits?count=200&seed=3"), epochs: 4, batchSize: 32)

  func status(_ name: String) async throws -> TrainingTaskStatus? { try await tasks.get(name).status }

  /// Waits until a task's status is as wanted.
  @discardableResult
  func wait(
    for name: String, _ what: String, seconds: Double = 10, _ isWanted: (TrainingTaskStatus) -> Bool
  ) async throws -> TrainingTaskStatus {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if let status = try? await status(name), isWanted(status) { return status }
      try await Task.sleep(for: .milliseconds(3))
    }
    let last = try? await status(name)
    throw Waited(what: "\(name): \(what); the status is \(String(describing: last))")
  }
}

extension FleetWorker {
  /// Waits until the worker knows that it must stop its task, so that the step under way is the last one.
  func waitUntilStopping() async throws {
    for _ in 0..<5000 {
      if case .stopping = activity { return }
      try await Task.sleep(for: .milliseconds(2))
    }
    throw Waited(what: "the worker does not stop its task: \(activity)")
  }
}

struct Waited: Error { var what: String }

/// Runs `body` beside a worker, and stops the worker after it.
func with(_ worker: FleetWorker, _ body: () async throws -> Void) async throws {
  let running = Task { await worker.run() }
  do { try await body() } catch {
    running.cancel()
    await running.value
    throw error
  }
  running.cancel()
  await running.value
}
