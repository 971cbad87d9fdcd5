import ArgumentParser

/// The registry from the command line: subcommands of `tensorfleet`.
package enum RegistryCommands {
  package static let all: [any ParsableCommand.Type] = [DatasetsCommand.self, ModelsCommand.self, RunsCommand.self]
}
