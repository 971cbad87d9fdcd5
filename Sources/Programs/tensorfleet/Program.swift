import ArgumentParser
import Dispatch
import FleetCommands
import Foundation
import Registries

/// The entry: what has to be done before there are threads, then the command.
@main
enum Program {
  /// The names of the command whose processes transfer data and do nothing else.
  private static let transfers: Set<String> = ["datasets", "dataset", "ds"]

  static func main() {
    if let command = CommandLine.arguments.dropFirst().first, transfers.contains(command) { TransferHeap.prepare() }
    Task {
      await TensorFleetCommand.main()
      exit(EXIT_SUCCESS)
    }
    dispatchMain()
  }
}
