import ArgumentParser
import LearningCLI

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

        One model by hand, without any API, and what it says of new rows:
          tensorfleet train --algorithm RandomForest --data config/samples/iris.csv --target Species --output model
          tensorfleet predict model/model.safetensors new.csv

        What may stand in such a file:
          kubectl explain trainingjob.spec
      """,
    version: "tensorfleet 0.1.0", subcommands: [RunCommand.self] + LearningCommands.all)
}
