import ArgumentParser
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet datasets get`.
struct DatasetsGetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Brings the files of a data set to a directory.",
    discussion: """
      Every file is checked against its SHA-256 and appears whole or not at all. Files that \
      are there already and the same are not brought again; a transfer from MongoDB that was \
      interrupted goes on where it was.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) datasets get iris
        \(Invocation.name) datasets get iris@3f2a91 -d ./data --force
      """)

  @OptionGroup var registry: RegistryOptions

  @Argument(help: "NAME, or NAME@VERSION.", completion: NameCompletion.datasets)
  var dataset: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the files go; made where it does not exist. Default: ./NAME.", valueName: "dir"),
    completion: .directory)
  var directory: String?

  @Flag(name: .shortAndLong, help: "Replace files of the same name that are different.")
  var force = false

  @Flag(name: .shortAndLong, help: "Show no progress.")
  var quiet = false

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.dataset(dataset)
      let directory = directory ?? record.name
      let (force, quiet) = (force, quiet)
      let display = TransferDisplay(console, quiet: quiet)
      let brought = try await Interruptible.run(
        console, left: "the files that are there are whole, and the same command brings the rest"
      ) {
        defer { display.end() }
        if !force {
          for file in record.files { try ExistingFile.refuse(file, at: "\(directory)/\(file.name)") }
        }
        try AtomicFile.makeDirectory(directory)
        return try await registry.exportDataset(
          record.name, version: record.version, to: directory, progress: display.progress)
      }
      for file in brought.files { console.say("\(directory)/\(file.name)") }
    }
  }
}
