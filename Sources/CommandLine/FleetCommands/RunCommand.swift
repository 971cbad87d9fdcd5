import ArgumentParser
import CommandLineKit
import Foundation
import LocalTraining
import Logging
import RegistryCLI

/// `tensorfleet run`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Trains the TrainingJobs of YAML files in this process and shows how it goes.",
    discussion: """
      The Kubernetes API, the operator and the workers all run inside this command; nothing is left running after it.
      The files are the same that kubectl applies: TrainingJob, WorkerPool, Namespace, Secret and ConfigMap, several
      documents a file. A WorkerPool that no file has is made, with 2 workers.

      A relative dataset.uri is a path from the file's own directory, or from --data where that is given.

      EXIT CODES
        0  every job succeeded
        1  a job failed or is suspended, or --timeout came first
        2  a file is at fault: standard error names the file, the line and the reason
        64 an option is wrong
        130 interrupted by Ctrl-C (a second Ctrl-C does not wait for the workers)

      EXAMPLES
        tensorfleet run config/samples/trainingjob-iris.yaml
        tensorfleet run --workers 4 --registry ./models jobs/*.yaml
        tensorfleet run --output plain job.yaml > run.log
        generate-jobs | tensorfleet run -
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable {
    case auto, live, plain
  }

  @Argument(help: "YAML files; - is standard input.", completion: .file(extensions: ["yaml", "yml", "json"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Where models, checkpoints and run history are kept: a directory. $TENSORFLEET_REGISTRY, or ~/.local/share/tensorfleet.",
      valueName: "dir"))
  var registry: String?

  @Option(help: ArgumentHelp("Where relative data set paths begin.", valueName: "dir"), completion: .directory)
  var data: String?

  @Option(help: ArgumentHelp("Workers of each pool, instead of its replicas (1 to 256).", valueName: "n"))
  var workers: Int?

  @Option(help: ArgumentHelp("Give up after this time: 90s, 10m, 1h30m.", valueName: "time"))
  var timeout: String?

  @Option(help: "How progress is shown: live draws over, plain appends lines; auto is live on a terminal.")
  var output = Output.auto

  @Flag(help: "No colours, and plain lines. So does a NO_COLOR in the environment.")
  var noColor = false

  @Flag(name: .shortAndLong, help: "Log what operator and workers do to standard error.")
  var verbose = false

  func validate() throws {
    if let registry, let refusal = RegistryLocation.refusal(of: registry) { throw ValidationError(refusal) }
    if let workers, !(1...256).contains(workers) {
      throw ValidationError("--workers is \(workers); it must be from 1 to 256.")
    }
    if let timeout, DurationText.parse(timeout) == nil {
      throw ValidationError("--timeout is \"\(timeout)\"; it must be a time above zero such as 90s, 10m or 1h30m.")
    }
    if let data {
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: data, isDirectory: &isDirectory), isDirectory.boolValue else {
        throw ValidationError("--data is \"\(data)\"; it must be a directory that exists.")
      }
    }
  }

  func run() async throws {
    let signals = Signals()
    let log = startLog()
    let environment = ProcessInfo.processInfo.environment
    let (mode, style) = appearance(environment)
    let run = LocalRun(
      options: .init(
        registry: registryLocation(environment), dataDirectory: data, workers: workers,
        timeout: timeout.flatMap(DurationText.parse)),
      display: Display(mode: mode, style: style), report: FinalReport(style: style))
    do {
      let outcome = try await run.run(files: files, signals: signals.stream)
      if outcome == .timedOut { complain("error: not all jobs were done within \(timeout ?? "")") }
      if outcome != .allSucceeded, let log, log.hasContent { complain("warnings of the run: \(log.path)") }
      throw ExitCode(outcome.exitCode)
    } catch let errors as ManifestErrors {
      for error in errors.errors { complain("error: \(error)") }
      throw ExitCode(2)
    } catch let code as ExitCode {
      throw code
    } catch {
      complain("error: \(error)")
      throw ExitCode(2)
    }
  }

  private func appearance(_ environment: [String: String]) -> (Display.Mode, TextStyle) {
    let isBare = noColor || !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    let mode: Display.Mode =
      switch output {
      case .live: .live
      case .plain: .plain
      case .auto: Terminal.standardOutput.isInteractive && !isBare ? .live : .plain
      }
    let usesColour = Terminal.standardOutput.isInteractive && !isBare && mode == .live
    return (mode, TextStyle(usesColour: usesColour, usesUnicode: Terminal.usesUnicode(environment)))
  }

  private func registryLocation(_ environment: [String: String]) -> String {
    RegistryLocation.resolve(registry, environment: environment).location
  }

  /// Sends logs to standard error, or warnings to a file, which is returned.
  private func startLog() -> LogFile? {
    if verbose {
      LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
      return nil
    }
    let process = ProcessInfo.processInfo.processIdentifier
    let file = LogFile(path: FileManager.default.temporaryDirectory.appending(path: "tensorfleet-\(process).log").path)
    LoggingSystem.bootstrap { label in LogFileHandler(label: label, file: file, level: .warning) }
    return file
  }

  private func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
