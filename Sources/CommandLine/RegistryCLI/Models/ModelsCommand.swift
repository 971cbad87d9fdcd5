import ArgumentParser
import CommandLineKit

/// `tensorfleet models`.
package struct ModelsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists, compares, fetches and tags the models that jobs have trained.",
    discussion: """
      NAME is the newest version of a model, NAME@v3 that one, NAME@production the newest with \
      the tag production.

      EXAMPLES
        \(Invocation.name) models list --algorithm RandomForest --metric 'accuracy>=0.95' --sort-by accuracy
        \(Invocation.name) models show iris
        \(Invocation.name) models compare iris@v1 iris@v2
        \(Invocation.name) models tag iris@v2 +production
        \(Invocation.name) models get iris@production --format onnx
      """,
    subcommands: [
      ModelsListCommand.self, ModelsShowCommand.self, ModelsGetCommand.self, ModelsCompareCommand.self,
      ModelsTagCommand.self, ModelsDeleteCommand.self,
    ],
    aliases: ["model"])

  package init() {}
}
