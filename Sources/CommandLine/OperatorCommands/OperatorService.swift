import FleetOperator
import KubeAccess
import KubeRuntime
import Logging
import ServiceLifecycle

/// Runs the operator, while it leads where there may be several, until the process is asked to end.
struct OperatorService: Service {
  let client: KubeClient
  let configuration: OperatorConfiguration
  let election: Election?
  let health: HealthState
  let log: Logger

  /// How replicas agree on who acts.
  struct Election: Sendable {
    var namespace: String
    var name: String
    var leaseDuration: Duration
  }

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      guard let election else { return await work() }
      let lease = election.leaseDuration
      let elector = LeaderElector(
        client: client, namespace: election.namespace, name: election.name, identity: configuration.identity,
        leaseDuration: lease, renewDeadline: lease * 2 / 3, retryPeriod: lease * 2 / 15, log: log)
      log.info("waiting to lead", metadata: ["lease": "\(election.namespace)/\(election.name)"])
      do { try await elector.run { await work() } } catch is CancellationError {}
    }
  }

  private func work() async {
    let fleet = Operator(client: client, configuration: configuration, log: log)
    health.lead(with: fleet)
    await fleet.run()
    health.lead(with: nil)
  }
}
