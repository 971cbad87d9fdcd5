import ArgumentParser
import CommandLineKit
import Registries

/// `tensorfleet models delete`.
struct ModelsDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Removes a version of a model, or all of them.",
    discussion: """
      The number of a version that is removed is not given again.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) models delete iris@v1
        \(Invocation.name) models delete iris --all-versions --yes
      """,
    aliases: ["rm"])

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var confirmation: Confirmation

  @Argument(help: "NAME@vN or NAME@TAG; NAME with --all-versions.", completion: NameCompletion.models)
  var model: String

  @Flag(help: "Remove every version of the model.")
  var allVersions = false

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let reference = try RecordReference(model)
      let newest = try await registry.model(model)
      let name = newest.info.name
      guard allVersions else {
        guard reference.selector != nil else {
          throw RegistryFailure(
            "say which version: \(name)@\(newest.version) is the newest; --all-versions removes all",
            exitCode: ExitStatus.usage)
        }
        return try await delete([newest], of: name, "model \(name) \(newest.version)", registry, console)
      }
      guard reference.selector == nil else {
        throw RegistryFailure("--all-versions goes with a name alone: \(name)", exitCode: ExitStatus.usage)
      }
      let models = try await registry.listModels(ModelQuery(name: name)).items
      try await delete(models, of: name, "model \(name) with all its versions (\(models.count))", registry, console)
    }
  }

  private func delete(
    _ models: [ModelRecord], of name: String, _ what: String, _ registry: any Registry, _ console: Console
  ) async throws {
    try confirmation.confirm(what, console)
    for model in models {
      try await registry.deleteModel(name, version: model.version)
      console.say("model/\(name) \(model.version) deleted")
    }
  }
}
