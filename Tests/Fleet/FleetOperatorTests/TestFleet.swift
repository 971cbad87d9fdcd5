import Basics
import FleetAPI
import FleetOperator
import FleetPlan
import KubeAccess
import KubeEmbedded
import KubeTypes
import Logging
import Synchronization
import TestSupport
import TrainingDefinition

/// An embedded API server with our kinds, pods that become ready by themselves, and replicas of an operator that can be
/// killed and frozen; in real time, or all of it in a simulation.
final class TestFleet: Sendable {
  let server: EmbeddedAPIServer
  /// Never disturbed: what the test itself and the pretended nodes use.
  let client: KubeClient
  let clock: any RuntimeClock
  let trace: Trace
  let faults: FaultyTransport
  private let simulation: Simulation?
  private let state: Mutex<State>

  private struct State {
    var random: SplitMix64
    var replicas: [String: Replica] = [:]
    var helpers: [Task<Void, Never>] = []
  }

  private struct Replica {
    var fleet: Operator
    var work: Task<Void, Never>
    var line: Lifeline
    var process: SimulatedProcess?
  }

  static let election = OperatorConfiguration.Election(
    namespace: "default", name: "operator", leaseDuration: .seconds(15))
  private static let leasePath = "/apis/coordination.k8s.io/v1/namespaces/default/leases/operator"

  init(seed: UInt64 = 1, simulation: Simulation? = nil) throws {
    self.simulation = simulation
    let clock: any RuntimeClock = simulation?.clock ?? .system
    self.clock = clock
    var random = SplitMix64(seed: seed)
    var options = EmbeddedAPIServer.Options()
    options.now = { clock.wallTime }
    options.sleep = { try await clock.sleep(for: $0) }
    options.seed = random.next()
    options.executor = simulation
    server = EmbeddedAPIServer(options: options)
    for definition in CustomResourceDefinitions.all(cel: false) { try server.install(crd: definition) }
    client = KubeClient(transport: server, clock: clock)
    trace = Trace(clock)
    faults = FaultyTransport(server, seed: random.next(), trace: trace, clock: clock, executor: simulation)
    state = Mutex(State(random: random))
  }

  // MARK: Replicas

  /// Starts a replica of the operator; one of several asks for the lease.
  func startOperator(_ name: String = "test", elects: Bool = false, fencesWrites: Bool = true) {
    trace.note("test", "starts \(name)")
    var log = Logger(label: "test")
    log.logLevel = .critical
    let line = Lifeline(faults, process: name)
    if elects { faults.watchOver(lease: Self.leasePath) }
    let process = simulation.map { SimulatedProcess($0) }
    var runtime = OperatorRuntime(
      clock: clock, random: SplitMix64(seed: state.withLock { $0.random.next() }), executor: process)
    runtime.fencesWrites = fencesWrites
    let fleet = Operator(
      client: KubeClient(transport: line, clock: clock),
      configuration: OperatorConfiguration(
        podDefaults: PodDefaults(image: "worker"),
        progressInterval: simulation == nil ? .milliseconds(50) : .seconds(1), identity: name,
        election: elects ? Self.election : nil),
      runtime: runtime, log: log)
    let work = Task(executorPreference: process) { await fleet.run() }
    state.withLock { $0.replicas[name] = Replica(fleet: fleet, work: work, line: line, process: process) }
  }

  /// Ends a replica without letting it finish anything: whatever it sends from now on never arrives, and nobody
  /// waits for it, as nobody waits for a killed process.
  func killOperator(_ name: String = "test") {
    trace.note("test", "kills \(name)")
    let old = state.withLock { $0.replicas.removeValue(forKey: name) }
    old?.line.cut()
    old?.process?.thaw()
    old?.work.cancel()
  }

  /// Asks a replica to end, and waits until it has.
  func stopOperator(_ name: String = "test") async {
    trace.note("test", "stops \(name)")
    let old = state.withLock { $0.replicas.removeValue(forKey: name) }
    old?.process?.thaw()
    old?.work.cancel()
    await old?.work.value
  }

  /// Stops a replica in whatever it is doing, as SIGSTOP does. Only in a simulation.
  func freezeOperator(_ name: String) {
    trace.note("test", "freezes \(name)")
    state.withLock { $0.replicas[name]?.process }?.freeze()
  }

  /// Lets a frozen replica go on, as if no time had passed.
  func thawOperator(_ name: String) {
    trace.note("test", "thaws \(name)")
    state.withLock { $0.replicas[name]?.process }?.thaw()
  }

  /// Takes the network from a replica; it goes on without.
  func cutOff(_ name: String) {
    trace.note("test", "cuts off \(name)")
    state.withLock { $0.replicas[name]?.line }?.cut()
    server.dropWatches()
  }

  func fleetOperator(_ name: String = "test") -> Operator? { state.withLock { $0.replicas[name]?.fleet } }

  /// Who holds the lease, as the server has it; nil where there is none.
  func leader() async throws -> String? {
    do {
      let holder = try await client.resource(Lease.self, namespace: "default").get("operator").spec?.holderIdentity
      return holder == "" ? nil : holder
    } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }

  func helper(_ work: @escaping @Sendable () async -> Void) {
    let task = Task(executorPreference: simulation) { await work() }
    state.withLock { $0.helpers.append(task) }
  }

  /// Ends everything.
  func stop() async {
    let helpers = state.withLock { $0.helpers }
    for task in helpers { task.cancel() }
    for name in state.withLock({ $0.replicas.keys.sorted() }) { await stopOperator(name) }
    for task in helpers { await task.value }
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
  ) async throws -> Bool {
    let pace: Duration = simulation == nil ? .milliseconds(10) : .milliseconds(500)
    let deadline = clock.now + limit
    while clock.now < deadline {
      if try await holds() { return true }
      try await clock.sleep(for: pace)
    }
    return try await holds()
  }
}
