import ArgumentParser

package struct WorkerCommand: AsyncParsableCommand {
  package init() {}

  package static let configuration = CommandConfiguration(
    commandName: "tensorfleet-worker",
    abstract: "Trains the tasks that TensorFleet's operator assigns to this pod.",
    discussion: """
      Inside a cluster it uses its pod's service account; elsewhere the kubeconfig that kubectl would use. On SIGTERM the task \
      is finished, where that fits in --grace-seconds, or handed back with a checkpoint; a second SIGTERM ends the process \
      at once.

      While the registry is away, training goes on: records, history, checkpoints and models wait in --spool and are sent, in \
      order, when it is back.
      """,
    subcommands: [RunCommand.self, ReadyCommand.self], defaultSubcommand: RunCommand.self)
}
