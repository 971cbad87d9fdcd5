import ArgumentParser

@main
struct FleetBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet-bench",
    abstract: "Measures TensorFleet beside Kubernetes' own Job controller, on one API server, in one run.",
    discussion: "Started by hack/bench/control-plane and hack/bench/latency, which set up what it needs.",
    subcommands: [ControlPlaneBench.self, LatencyBench.self])
}
