import ArgumentParser
import CommandLineKit

/// `tensorfleet datasets`.
package struct DatasetsCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "Puts data sets into the registry, shows them, and gets them back.",
    discussion: """
      A data set is a file, or the files of a directory, under a name that a job may use as \
      spec.dataset.name. Its version is a hash of the contents: NAME is the newest version, \
      NAME@3f2a91 the one that begins so.

      EXAMPLES
        \(Invocation.name) datasets put iris config/samples/iris.csv
        \(Invocation.name) datasets list --sort-by size
        \(Invocation.name) datasets show iris
        \(Invocation.name) datasets get iris -d ./data
      """,
    subcommands: [
      DatasetsPutCommand.self, DatasetsListCommand.self, DatasetsShowCommand.self, DatasetsGetCommand.self,
      DatasetsDeleteCommand.self,
    ],
    aliases: ["dataset", "ds"])

  package init() {}
}
