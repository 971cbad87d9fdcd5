import ArgumentParser
import CommandLineKit
import Fetching
import Foundation
import Learning
import TrainingDefinition

/// `tensorfleet train`.
package struct TrainCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model here and now: no API, no workers, no file.",
    discussion: """
      Writes into the output directory: model.safetensors (for predict and export),
      model.onnx (raw values in, label and probabilities out, for any ONNX runtime),
      report.json, and curve.svg where there is more than one epoch.

      ALGORITHMS AND THEIR HYPERPARAMETERS (--set)
      \(algorithms)

      EXIT CODES
        0    trained
        1    the training failed
        2    the data or a value is at fault; standard error says what is right
        64   an option is wrong
        130  interrupted by Ctrl-C, a checkpoint is written (twice: at once)

      EXAMPLES
        tensorfleet train -a SVM -d iris.csv --target Species --drop Id
        tensorfleet train -a MLP -d mnist/ --epochs 5 --batch-size 128 -o digits
        tensorfleet train -a DNN -d songs.csv --target explicit \\
          --set learning_rate=0.01 --checkpoint-every 5
        tensorfleet train -a CNN -d mnist/ --layers conv2d,filters=16,kernel=5 \\
          --layers maxPool2d --layers flatten --layers dense,units=64,activation=relu
        tensorfleet train -a SVM -d iris.csv --target Species --drop Id \\
          --search C=0.1,1,10 --search gamma=scale,0.1 --folds 5
        tensorfleet train -a LSTM -d 'builtin://digits?count=4000' --json > report.json
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("What to train; see above.", valueName: "name"))
  var algorithm: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A CSV file, an IDX file or directory, https://…, s3://…, or builtin://digits. May end in #sha256=…",
      valueName: "uri"),
    completion: .file())
  var data: String

  @Option(help: ArgumentHelp("csv or idx, where the name does not tell.", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("The column to predict; needed for CSV.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("A column to leave out, such as an identifier. May be repeated.", valueName: "column"))
  var drop: [String] = []

  @Flag(help: "The CSV file has no line of column names: they are column1, column2, ….")
  var noHeader = false

  @Option(
    help: ArgumentHelp(
      "What to do about cells that are empty: Impute fills in the mean or the most frequent value, DropRows leaves "
        + "such rows out, Error stops.", valueName: "policy"))
  var missingValues = MissingValues.impute.rawValue

  @Flag(help: "Hold out the same share of every class.")
  var stratified = false

  @Option(help: ArgumentHelp("Share of rows held out for the test.", valueName: "share"))
  var testFraction = 0.2

  @Option(help: ArgumentHelp("Decides which rows are held out.", valueName: "n"))
  var seed = DatasetReading().seed

  @Option(help: ArgumentHelp("A hyperparameter. May be repeated.", valueName: "name=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "Values of a hyperparameter to try, such as C=0.1,1,10. Repeated: all combinations. The best becomes the model.",
      valueName: "name=v1,v2"))
  var search: [String] = []

  @Option(
    help: ArgumentHelp("Folds of the cross-validation of each combination; one split without it.", valueName: "n"))
  var folds: Int?

  @Option(help: ArgumentHelp("What decides: Accuracy, F1, Precision, Recall, Loss or ROCAUC.", valueName: "metric"))
  var objective = SearchObjective.accuracy.rawValue

  @Option(help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs = 10

  @Option(help: ArgumentHelp("Rows a step.", valueName: "n"))
  var batchSize = 32

  @Option(
    help: ArgumentHelp(
      "A layer of a network in place of its own, such as dense,units=64,activation=relu; repeated for more. Or a JSON "
        + "file with a list of layers. The output layer is added.", valueName: "layer"),
    completion: .file(extensions: ["json"]))
  var layers: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the model goes. Default: ./<algorithm>-<data>.", valueName: "dir"), completion: .directory
  )
  var output: String?

  @Option(help: ArgumentHelp("Write a checkpoint after every so many epochs.", valueName: "n"))
  var checkpointEvery: Int?

  @Flag(help: "Go on from the checkpoint in the output directory; the other options must be the same.")
  var resume = false

  @Flag(help: "Print the report as JSON; progress goes to standard error.")
  var json = false

  @Flag(name: .shortAndLong, help: "Show no progress and no report, only errors.")
  var quiet = false

  package init() {}

  package func run() async throws {
    try await CommandFailure.guarding {
      let (request, options) = (try request(), try options())
      _ = try request.validated()
      let copy = try await copyOfRemoteData()
      let interruption = Interruption()
      let run = TrainRun(
        request: request, search: try searchRequest(), dataCopy: copy?.path, options: options, display: display(),
        interruption: { interruption.signalNumber })
      let outcome = try run.run()
      switch outcome {
      case .finished(let report): tell(report)
      case .interrupted(let number, let checkpoint):
        Terminal.complain("interrupted; the checkpoint is \(checkpoint)")
        Terminal.complain("go on with: \(ResumeHint.command(CommandLine.arguments))")
        throw ExitCode(128 + number)
      }
    }
  }

  private func copyOfRemoteData() async throws -> SourceFile? {
    guard SourceOptions.isRemote(data) else { return nil }
    if !quiet { Terminal.complain("fetching the data") }
    return try await RemoteData.fetch(data, environment: ProcessInfo.processInfo.environment)
  }

  func request() throws -> TrainingRequest {
    guard let missingValues = MissingValues(anyCase: missingValues) else {
      throw CommandFailure.input(
        "--missing-values is \"\(missingValues)\"; it must be "
          + MissingValues.words.joined(separator: ", ").replacing(", Error", with: " or Error"))
    }
    var reading = DatasetReading()
    reading.header = !noHeader
    reading.targetColumn = target
    reading.dropColumns = drop
    reading.missingValues = Open(missingValues)
    reading.testFraction = Share(testFraction)
    reading.stratified = stratified
    reading.seed = seed
    return TrainingRequest(
      algorithm: algorithm, hyperparameters: try Assignment.hyperparameters(set),
      dataset: DatasetRequest(uri: data, format: format, reading: reading),
      epochs: epochs, batchSize: batchSize, layers: layers.isEmpty ? nil : try LayerList.read(layers))
  }

  func searchRequest() throws -> SearchRequest? {
    guard !search.isEmpty else {
      guard folds == nil else { throw CommandFailure.input("--folds needs --search: there is nothing to choose from") }
      return nil
    }
    let parameters = try search.map { text in
      let parts = text.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else {
        throw CommandFailure.input("--search is \"\(text)\"; it must be name=value,value, such as C=0.1,1,10")
      }
      return SearchRequest.Parameter(
        name: String(parts[0]), values: parts[1].split(separator: ",").map(String.init))
    }
    return SearchRequest(parameters: parameters, folds: folds, objective: objective)
  }

  private func options() throws -> TrainRun.Options {
    let bounds = TrainingLimits.checkpointEpochs
    if let checkpointEvery, !bounds.contains(checkpointEvery) {
      throw CommandFailure.input(
        "--checkpoint-every is \(checkpointEvery); it must be from \(bounds.lowerBound) to \(bounds.upperBound) epochs")
    }
    return TrainRun.Options(
      directory: output ?? Self.directory(algorithm: algorithm, data: data),
      checkpointInterval: checkpointEvery, resumes: resume)
  }

  /// `./MLP-mnist`: what was trained on what.
  static func directory(algorithm: String, data: String) -> String {
    "\(algorithm)-\(DatasetRequest(uri: data).shortName)"
  }

  /// The report is the result and has standard output; progress is beside it, unless the result is for machines.
  private func display() -> ProgressDisplay {
    let terminal: Terminal = json ? .standardError : .standardOutput
    let style = terminal.style(ProcessInfo.processInfo.environment)
    let mode: ProgressDisplay.Mode = quiet ? .silent : terminal.isInteractive && style.usesColour ? .live : .plain
    return ProgressDisplay(mode: mode, style: style, columns: { terminal.columns }, write: { terminal.write($0) })
  }

  private func tell(_ report: TrainReport) {
    for warning in report.warnings where !quiet {
      Terminal.complain("warning: " + CommandFailure.inFlags(warning.message))
    }
    if json {
      Terminal.standardOutput.write(report.json + "\n")
    } else if !quiet {
      let style = Terminal.standardOutput.style(ProcessInfo.processInfo.environment)
      Terminal.standardOutput.write(ReportText(style: style).lines(report).joined(separator: "\n") + "\n")
    }
  }

  /// Each algorithm's hyperparameters and their defaults; what all networks have is said once.
  private static var algorithms: String {
    func texts(_ algorithm: Algorithm) -> [String] {
      algorithm.hyperparameters.map { "\($0.name)=\($0.defaultValue)" }
    }
    let networks = Algorithm.allCases.filter(\.isNetwork)
    let shared = (networks.first.map(texts) ?? []).filter { text in networks.allSatisfy { texts($0).contains(text) } }
    var entries = Algorithm.allCases.filter { !$0.isNetwork }.map { ($0.rawValue, texts($0)) }
    entries.append((networks.map(\.rawValue).joined(separator: ", "), shared))
    for network in networks {
      let own = texts(network).filter { !shared.contains($0) }
      if !own.isEmpty { entries.append(("\(network.rawValue) also", own)) }
    }
    return entries.map { "  \($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "\n")
  }
}
