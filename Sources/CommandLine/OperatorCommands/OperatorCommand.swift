import ArgumentParser
import FleetAPI
import FleetOperator
import FleetPlan
import Hummingbird
import KubeAccess
import KubeRuntime
import KubeTypes
import Logging
import Metrics
import ServiceLifecycle
import UnixSignals

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

package struct OperatorCommand: AsyncParsableCommand {
  package init() {}

  package static let configuration = CommandConfiguration(
    commandName: "tensorfleet-operator",
    abstract: "Reconciles TrainingJobs and WorkerPools.",
    discussion: """
      Inside a cluster it uses its pod's service account; elsewhere the kubeconfig that kubectl would use.
      It serves /healthz, /readyz and /metrics (Prometheus) on --port.
      """)

  @Option(help: "Serve only this namespace. All, where it is not given.")
  var namespace: String?

  @Option(help: "The workers' image, for pools that name none.")
  var workerImage = "tensorfleet/worker:latest"

  @Option(
    name: .customLong("worker-env"), parsing: .singleValue,
    help:
      "NAME=VALUE for every worker's environment; may be repeated. Secrets belong into a pool's env, by secretKeyRef.")
  var workerEnvironment: [String] = []

  @Option(
    name: .customLong("worker-secret-env"), parsing: .singleValue,
    help:
      """
      NAME=SECRET/KEY for every worker's environment, from a Secret of the pool's namespace; may be repeated. \
      Such as TENSORFLEET_REGISTRY=tensorfleet-registry/uri.
      """)
  var workerSecretEnvironment: [String] = []

  @Option(help: "The kubeconfig file to use.")
  var kubeconfig: String?

  @Option(help: "The kubeconfig's context to use.")
  var context: String?

  @Flag(inversion: .prefixedNo, help: "Of several replicas only the one that holds the lease acts.")
  var leaderElect = true

  @Option(help: "The namespace of the lease. The pod's own, or \"default\", where it is not given.")
  var leaderElectionNamespace: String?

  @Option(help: "Seconds after which a leader that is silent is replaced (5 to 300).")
  var leaseSeconds = 15

  @Option(help: "The port of /healthz, /readyz and /metrics; 0 picks a free one.")
  var port = 8080

  @Option(help: "The address to serve on.")
  var host = "0.0.0.0"

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "info"

  package mutating func validate() throws {
    guard (5...300).contains(leaseSeconds) else {
      throw ValidationError("--lease-seconds is \(leaseSeconds); it must be from 5 to 300.")
    }
    guard (0...65_535).contains(port) else { throw ValidationError("--port is \(port); it must be from 0 to 65535.") }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError(
        "--log-level is \"\(logLevel)\"; it must be one of trace, debug, info, notice, warning, error, critical.")
    }
    for item in workerEnvironment where !item.contains("=") {
      throw ValidationError("--worker-env is \"\(item)\"; it must be NAME=VALUE.")
    }
    for variable in WorkerEnvironment.plain(workerEnvironment) where URIPassword.isIn(variable.value ?? "") {
      throw ValidationError(
        "--worker-env \(variable.name) holds a password, which would stand in every pod's spec; put it into a Secret of "
          + "the pools' namespaces and name it by --worker-secret-env \(variable.name)=SECRET/KEY.")
    }
    for item in workerSecretEnvironment where WorkerEnvironment.secret(item) == nil {
      throw ValidationError("--worker-secret-env is \"\(item)\"; it must be NAME=SECRET/KEY.")
    }
  }

  package func run() async throws {
    let level = Logger.Level(rawValue: logLevel) ?? .info
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(registry)
    let log = Logger(label: "operator")
    let client = try connect()
    let environment = ProcessInfo.processInfo.environment
    let identity = environment["POD_NAME"] ?? "\(ProcessInfo.processInfo.hostName)-\(UUID().uuidString.prefix(8))"
    let fleet = Operator(client: client, configuration: configuration(identity: identity, client), log: log)
    // Of the leader alone: with every replica's, sums over replicas would count all twice.
    registry.onCollect { gauges in
      if fleet.isLeader { FleetGauges(fleet.view.caches).export(to: &gauges) }
    }
    let server = Application(
      router: Endpoints.router(metrics: registry, health: HealthState(fleet: fleet)),
      configuration: .init(address: .hostname(host, port: port), serverName: "tensorfleet-operator"),
      onServerRunning: { channel in
        log.info("serving", metadata: ["address": "\(channel.localAddress.map(String.init(describing:)) ?? "")"])
      }, logger: log)
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: server), .init(service: HeapTrim()),
          .init(
            service: OperatorService(fleet: fleet), successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup),
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
    try await group.run()
  }

  private func connect() throws -> KubeClient {
    try KubeClient.connect(kubeconfig: kubeconfig, context: context, userAgent: "tensorfleet-operator")
  }

  private func election(_ client: KubeClient) -> OperatorConfiguration.Election? {
    guard leaderElect else { return nil }
    return .init(
      namespace: leaderElectionNamespace ?? client.defaultNamespace, name: Fleet.operatorName,
      leaseDuration: .seconds(leaseSeconds))
  }

  private func configuration(identity: String, _ client: KubeClient) -> OperatorConfiguration {
    let variables =
      WorkerEnvironment.plain(workerEnvironment) + workerSecretEnvironment.compactMap(WorkerEnvironment.secret)
    return OperatorConfiguration(
      namespace: namespace, podDefaults: PodDefaults(image: workerImage, environment: variables), identity: identity,
      election: election(client))
  }
}
