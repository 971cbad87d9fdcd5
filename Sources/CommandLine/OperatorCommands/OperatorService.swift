import FleetOperator
import ServiceLifecycle

/// Runs the operator until the process is asked to end.
struct OperatorService: Service {
  let fleet: Operator

  func run() async throws {
    await cancelWhenGracefulShutdown { await fleet.run() }
  }
}
