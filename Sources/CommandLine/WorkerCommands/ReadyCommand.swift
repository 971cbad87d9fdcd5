import ArgumentParser
import WorkerAgent

/// What a pod's readiness probe executes.
struct ReadyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ready", abstract: "Exits with 0 if the worker of this pod is ready, else with 1.")

  @Option(help: "The file that a ready worker has made. TENSORFLEET_READY_FILE, or /tmp/ready.")
  var readyFile: String?

  func run() throws {
    guard ReadinessFile(path: Settings.readyFile(readyFile)).exists else { throw ExitCode.failure }
  }
}
