import ArgumentParser
import CommandLineKit
import Registries

/// `tensorfleet datasets delete`.
struct DatasetsDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Removes a version of a data set, or all of them.",
    discussion: """
      NAME@VERSION removes that version; NAME alone removes every version.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) datasets delete iris@3f2a91
        \(Invocation.name) datasets delete iris --yes
      """,
    aliases: ["rm"])

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var confirmation: Confirmation

  @Argument(help: "NAME, or NAME@VERSION.", completion: NameCompletion.datasets)
  var dataset: String

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.dataset(dataset)
      guard try RecordReference(dataset).selector == nil else {
        try confirmation.confirm("data set \(record.name) version \(record.version.shortVersion)", console)
        try await registry.deleteDataset(record.name, version: record.version)
        return console.say("dataset/\(record.name) \(record.version.shortVersion) deleted")
      }
      let count = try await registry.datasetVersions(record.name).count
      try confirmation.confirm(
        "data set \(record.name) with \(count == 1 ? "its only version" : "all its \(count) versions")", console)
      try await registry.deleteDataset(record.name, version: nil)
      console.say("dataset/\(record.name) deleted")
    }
  }
}
