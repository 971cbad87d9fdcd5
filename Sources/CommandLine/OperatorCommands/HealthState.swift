import FleetOperator

/// How the process is doing, for probes.
///
/// A replica that waits for the lease is ready like the one that leads: both keep the view that others read.
struct HealthState: Sendable {
  let fleet: Operator

  /// Why the process should be restarted; nil where it should not. A server that is away for a while is no reason:
  /// watches reconnect by themselves.
  var livenessProblem: String? { fleet.livenessProblem }

  /// Why the process is not to be counted on now.
  var readinessProblem: String? { fleet.view.readinessProblem }
}
