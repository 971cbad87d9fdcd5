import ArgumentParser
import CommandLineKit
import Registries

/// `tensorfleet models compare`.
struct ModelsCompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Puts models side by side: what differs between them, and which is best at what.",
    discussion: """
      One name without a version compares the versions of that model. * marks the best value of \
      a metric. Hyperparameters are shown where they differ.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) models compare iris
        \(Invocation.name) models compare iris@v1 iris@production digits
        \(Invocation.name) models compare iris@v1 iris@v2 -o json
      """)

  @OptionGroup var registry: RegistryOptions

  @Argument(help: "NAME, NAME@vN or NAME@TAG.", completion: NameCompletion.models)
  var models: [String]

  @Option(name: .shortAndLong, help: "table, json or yaml.")
  var output = OutputFormat.table

  /// Versions of one model that are compared: more columns have no room.
  private static let maximumVersions = 6

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let comparison = ModelComparison(try await found(in: registry))
      let printer = RecordPrinter(format: output, console: console)
      if try !printer.encodes(comparison.view) {
        if output == .name {
          return console.say(comparison.models.map { "\($0.info.name)@\($0.version)" })
        }
        console.say(comparison.lines(style: console.style))
      }
      for warning in comparison.warnings { console.complain("warning: \(warning)") }
    }
  }

  private func found(in registry: any Registry) async throws -> [ModelRecord] {
    if let name = models.first, models.count == 1, try RecordReference(name).selector == nil {
      _ = try await registry.model(name, version: nil)
      let versions = try await registry.listModels(
        ModelQuery(name: name, slice: Slice(limit: Self.maximumVersions))
      ).items
      if versions.count > 1 { return versions }
    }
    guard models.count > 1 else {
      throw RegistryFailure(
        "there is nothing to compare \(models[0]) with; name another model", exitCode: ExitStatus.usage)
    }
    var found: [ModelRecord] = []
    for model in models { found.append(try await registry.model(model)) }
    return found
  }
}
