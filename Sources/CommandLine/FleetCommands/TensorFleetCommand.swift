import ArgumentParser
import CommandLineKit
import FleetAPI
import LearningCLI
import RegistryCLI

package struct TensorFleetCommand: AsyncParsableCommand {
  package init() {}

  // Computed: the name is that under which it was called.
  package static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Invocation.name,
      abstract: "Trains models on a fleet of warm workers.",
      discussion: """
        EXAMPLES
          Train the jobs of a file on this machine, without a cluster:
            \(Invocation.name) run config/samples/trainingjob-iris.yaml

          The same file on a Kubernetes cluster that runs the operator:
            kubectl apply -f config/samples/trainingjob-iris.yaml
            kubectl get trainingjobs -w

          One model by hand, without any API, and what it says of new rows:
            \(Invocation.name) train --algorithm RandomForest --data config/samples/iris.csv --target Species --output model
            \(Invocation.name) predict model/model.safetensors new.csv

          What was trained, how it went, and the model itself:
            \(Invocation.name) models list --sort-by accuracy
            \(Invocation.name) runs plot iris
            \(Invocation.name) models get iris --format onnx

          What may stand in such a file:
            kubectl explain trainingjob.spec
        """,
      version: "tensorfleet \(Fleet.release)",
      subcommands: [RunCommand.self] + LearningCommands.all + [CompletionCommand.self],
      groupedSubcommands: [CommandGroup(name: "Registry", subcommands: RegistryCommands.all)])
  }
}
