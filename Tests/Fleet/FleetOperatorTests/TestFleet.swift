import Basics
import FleetAPI
import FleetOperator
import FleetPlan
import KubeAccess
import KubeEmbedded
import KubeTypes
import Logging
import Synchronization

/// An embedded API server with our kinds, pods that become ready by themselves, and an operator that can be killed.
final class TestFleet: Sendable {
  let server = EmbeddedAPIServer()
  /// Never disturbed: what the test itself and the pretended nodes use.
  let client: KubeClient
  private let running = Mutex<(work: Task<Void, Never>, line: Lifeline)?>(nil)
  private let helpers = Mutex<[Task<Void, Never>]>([])
  private let operatorTransport: FaultyTransport

  init(seed: UInt64 = 1) throws {
    for definition in CustomResourceDefinitions.all(cel: false) { try server.install(crd: definition) }
    client = KubeClient(transport: server)
    operatorTransport = FaultyTransport(server, seed: seed)
  }

  var faults: FaultyTransport { operatorTransport }

  func startOperator() {
    var log = Logger(label: "test")
    log.logLevel = .critical
    let line = Lifeline(operatorTransport)
    let fleet = Operator(
      client: KubeClient(transport: line),
      configuration: OperatorConfiguration(
        podDefaults: PodDefaults(image: "worker"), progressInterval: .milliseconds(50), identity: "test"), log: log)
    let work = Task { await fleet.run() }
    running.withLock { $0 = (work, line) }
  }

  /// Ends the operator without letting it finish anything: whatever it sends from now on never arrives, and nobody
  /// waits for it, as nobody waits for a killed process.
  func killOperator() {
    let old = running.withLock { $0.take() }
    old?.line.cut()
    old?.work.cancel()
  }

  func helper(_ work: @escaping @Sendable () async -> Void) { helpers.withLock { $0.append(Task { await work() }) } }

  func stop() async {
    for task in helpers.withLock({ $0 }) { task.cancel() }
    let old = running.withLock { $0.take() }
    old?.work.cancel()
    await old?.work.value
  }

  // MARK: What users do

  func createPool(_ name: String = "pool", replicas: Int) async throws {
    let pool = WorkerPool(metadata: ObjectMeta(name: name), spec: WorkerPoolSpec(replicas: replicas))
    _ = try await client.resource(WorkerPool.self).create(pool)
  }

  func createJob(_ name: String, pool: String = "pool", change: (inout TrainingJobSpec) -> Void = { _ in }) async throws
  {
    var spec = TrainingJobSpec(
      workerPoolName: pool,
      training: TrainingSpec(algorithm: .mlp, dataset: DatasetSpec(uri: "x.csv", targetColumn: "y")))
    change(&spec)
    _ = try await client.resource(TrainingJob.self)
      .create(TrainingJob(metadata: ObjectMeta(name: name), spec: spec))
  }

  func job(_ name: String) async throws -> TrainingJob { try await client.resource(TrainingJob.self).get(name) }
  func jobs() async throws -> [TrainingJob] { try await client.resource(TrainingJob.self).list().items }
  func tasks() async throws -> [TrainingTask] { try await client.resource(TrainingTask.self).list().items }
  func pods() async throws -> [Pod] { try await client.resource(Pod.self).list().items }

  func patchJob(_ name: String, spec: JSONValue) async throws {
    _ = try await client.resource(TrainingJob.self).patch(name, .merge(["spec": spec]))
  }

  /// Waits until a condition holds; false where it does not in time.
  func eventually(
    within limit: Duration = .seconds(30), _ holds: @Sendable () async throws -> Bool
  ) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if try await holds() { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return try await holds()
  }
}
