import ArgumentParser
import CommandLineKit
import Foundation
import Learning
import Registries

/// How `runs plot` writes.
enum PlotFormat: String, ExpressibleByArgument, CaseIterable {
  case chart, json, csv
}

/// `tensorfleet runs plot`.
struct RunsPlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draws a run's learning curves: loss and accuracy, train and test.",
    discussion: """
      One line goes through all attempts: what an attempt did again stands in place of what was \
      lost. Single steps that were written down are drawn as points. With -o json and csv: \
      every point of every attempt and rank, as it was measured.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) runs plot iris
        \(Invocation.name) runs plot default/iris --metric loss --height 24
        \(Invocation.name) runs plot 3f2a91c4 -o csv > curve.csv
      """)

  @OptionGroup var registry: RegistryOptions

  @Argument(help: "A run's id or its first characters, JOB, or NAMESPACE/JOB.", completion: NameCompletion.runs)
  var run: String

  @Option(
    help: ArgumentHelp(
      "What to draw: loss for train and test, train_loss for one. Repeated for more. Default: loss and accuracy.",
      valueName: "name"))
  var metric: [String] = []

  @Option(help: ArgumentHelp("Columns. Default: those of the terminal, at most 100.", valueName: "n"))
  var width: Int?

  @Option(
    help: ArgumentHelp("Rows of each panel. Default: what the terminal has room for, at most 16.", valueName: "n"))
  var height: Int?

  @Option(name: .shortAndLong, help: "chart, json or csv.")
  var output = PlotFormat.chart

  func validate() throws {
    if let width, !(30...1000).contains(width) {
      throw ValidationError("--width is \(width); it must be from 30 to 1000.")
    }
    if let height, !(3...200).contains(height) {
      throw ValidationError("--height is \(height); it must be from 3 to 200.")
    }
  }

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.findRun(run)
      let history = try await registry.history(run: record.id)
      switch output {
      case .json:
        console.say(try RecordPrinter.json(RecordList(items: history.map(PointView.init), total: history.count)))
      case .csv: console.say(Self.csv(history))
      case .chart: try draw(record, history, console)
      }
    }
  }

  private func draw(_ record: RunRecord, _ history: [HistoryPoint], _ console: Console) throws {
    guard !history.isEmpty else {
      throw RegistryFailure("run \(record.id) of \(record.job) (\(record.state)) has no history to draw")
    }
    let curves = RunCurves(history, metrics: metric)
    guard !curves.panels.isEmpty else {
      let names = Set(history.flatMap(\.metrics.keys)).sorted()
      throw RegistryFailure(
        "run \(record.id) has no metric \(metric.listed)"
          + Suggestion.text(for: metric.first ?? "", among: names) + "; it has \(names.listed)")
    }
    let size = console.size()
    // For each panel its title and two lines of its axis, and a line between panels; above them the run's title.
    let room = (size.rows - 3) / curves.panels.count - 4
    let chart = CurveChart(
      style: console.style, width: width ?? min(100, size.columns), height: height ?? min(16, max(8, room)))
    console.say([
      console.style.paint("\(record.namespace)/\(record.job)", .bold)
        + "  \(record.algorithm) on \(record.dataset)  \(record.state)  run \(record.id)", "",
    ])
    console.say(chart.lines(curves))
  }

  /// A line for each point, an empty cell where a point lacks a metric.
  static func csv(_ history: [HistoryPoint]) -> [String] {
    let names = Set(history.flatMap(\.metrics.keys)).sorted()
    let header = ["attempt", "rank", "epoch", "step", "scope", "time"] + names
    let rows = history.map { point in
      [
        "\(point.key.attempt)", "\(point.key.rank)", "\(point.key.epoch)", "\(point.key.step)", point.scope.rawValue,
        point.time.rfc3339,
      ] + names.map { name in point.metrics[name].map { "\($0)" } ?? "" }
    }
    return ([header] + rows).map { $0.map(CSVText.escaped).joined(separator: ",") }
  }
}
