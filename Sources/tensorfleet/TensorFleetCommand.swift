import ArgumentParser

@main
struct TensorFleetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensorfleet",
    abstract: "Trains models on a fleet of warm workers.",
    discussion: """
      EXAMPLES
        Train the jobs of a file on this machine, without a cluster:
          tensorfleet run config/samples/trainingjob-iris.yaml

        The same file on a Kubernetes cluster that runs the operator:
          kubectl apply -f config/samples/trainingjob-iris.yaml
          kubectl get trainingjobs -w

        What may stand in such a file:
          kubectl explain trainingjob.spec
      """,
    version: "tensorfleet 0.1.0", subcommands: [RunCommand.self])
}
