import ArgumentParser

@main
struct FleetBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet-bench",
    abstract: "Measures TensorFleet beside Kubernetes' own Job controller, on one API server, in one run.",
    discussion: "Started by hack/bench/control-plane, latency, burst and claim, which set up what it needs.",
    subcommands: [ControlPlaneBench.self, LatencyBench.self, BurstBench.self, ClaimBench.self])
}
