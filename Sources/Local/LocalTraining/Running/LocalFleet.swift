import FleetAPI
import FleetOperator
import FleetPlan
import Foundation
import KubeAccess
import KubeEmbedded
import KubeRuntime
import KubeTypes
import LocalPods
import Logging
import Registries
import WorkerAgent

/// All of TensorFleet in one process: the API, the operator, and a worker task for every pod.
package struct LocalFleet: Sendable {
  package let server: EmbeddedAPIServer
  package let client: KubeClient
  private let registry: any Registry
  private let dataRoot: URL
  private let log: @Sendable (String) -> Logger

  /// Progress is reported ten times a second here: a person looks on, and no API server is far away.
  static let progressInterval = Duration.milliseconds(100)
  /// How long a worker may take to hand back its task when the run is interrupted.
  static let workerGrace = Duration.seconds(3)

  /// How long what earlier processes could not send may take when everything else is over.
  static let leftoverPatience = Duration.seconds(3)

  let spool: LocalSpool

  /// - Parameters:
  ///   - registry: where the workers keep models and checkpoints.
  ///   - dataRoot: where relative data set paths begin.
  ///   - log: makes the logger of a part.
  /// - Throws: ``EmbeddedAPIError`` where the API does not take the CustomResourceDefinitions.
  package init(
    registry: any Registry, dataRoot: URL, log: @escaping @Sendable (String) -> Logger = { Logger(label: $0) }
  ) throws(EmbeddedAPIError) {
    server = EmbeddedAPIServer()
    for definition in CustomResourceDefinitions.all(cel: false) { try server.install(crd: definition) }
    client = KubeClient(transport: server)
    self.registry = registry
    spool = LocalSpool(location: registry.location)
    self.dataRoot = dataRoot
    self.log = log
  }

  /// Works until cancelled. The workers end first, so that the operator still sees what they hand back.
  package func run() async {
    let fleetOperator = Operator(
      client: client,
      configuration: OperatorConfiguration(
        podDefaults: PodDefaults(image: "in-process"), progressInterval: Self.progressInterval, identity: "local"),
      log: log("operator"))
    let runner = PodRunner(
      client: client, launcher: TaskLauncher(work),
      configuration: .init(node: "local", shutdownGrace: Self.workerGrace + .seconds(1)), log: log("pods"))
    let leftovers = LeftoverReports(spool, registry: registry, log: log("spool"))
    let operatorTask = Task { await fleetOperator.run() }
    await runner.run()
    await leftovers.finish(within: Self.leftoverPatience)
    operatorTask.cancel()
    await operatorTask.value
  }

  /// One worker, until cancelled.
  @Sendable private func work(_ context: TaskLauncher.Context) async -> Int {
    let pod = context.pod
    let worker = FleetWorker(
      client: client,
      identity: WorkerIdentity(podName: pod.name, podUID: pod.uid, namespace: pod.namespace), registry: registry,
      spool: SpoolOptions(directory: SpoolOptions.directory(spool.directory, podUID: pod.uid)),
      engine: LearningEngine(dataRoot: dataRoot), grace: Self.workerGrace,
      throttle: ReportThrottle(interval: Self.progressInterval), log: log("worker"))
    let ready = Task {
      if (try? await worker.waitUntilReady()) != nil { context.setReady(true) }
    }
    await worker.run()
    ready.cancel()
    return 0
  }
}
