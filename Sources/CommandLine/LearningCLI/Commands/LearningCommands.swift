import ArgumentParser

/// The engine by hand: subcommands of `tensorfleet` that need neither API nor workers.
package enum LearningCommands {
  package static let all: [any ParsableCommand.Type] = [TrainCommand.self, PredictCommand.self, ExportCommand.self]
}
