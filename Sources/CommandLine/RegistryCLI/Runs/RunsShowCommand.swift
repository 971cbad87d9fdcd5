import ArgumentParser
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet runs show`.
struct RunsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a run: what was trained, where, how it ended, and its attempts.",
    discussion: """
      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) runs show iris
        \(Invocation.name) runs show 3f2a91c4 -o yaml
      """,
    aliases: ["describe"])

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "A run's id or its first characters, JOB, or NAMESPACE/JOB.", completion: NameCompletion.runs)
  var run: String

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.findRun(run)
      let attempts = try await registry.runAttempts(record.id)
      let printer = RecordPrinter(format: output.output, console: console)
      if try printer.encodes(RunView(attempts: attempts, newest: record)) { return }
      if output.output == .name { return console.say(record.id) }
      let history = try await registry.history(run: record.id)
      console.say(RunText(style: console.style, now: console.now()).lines(record, attempts, points: history.count))
    }
  }
}

/// Renders a run for people; pure.
struct RunText {
  var style: TextStyle
  var now: Date

  func lines(_ run: RunRecord, _ attempts: [RunRecord], points: Int) -> [String] {
    var facts = FactList()
    facts.add("Run", run.id)
    facts.add("Job", "\(run.namespace)/\(run.job)")
    facts.add("State", run.state)
    facts.add("Failure", run.failure)
    facts.add("Algorithm", run.algorithm)
    facts.add("Hyperparameters", FactList.pairs(run.hyperparameters))
    facts.add("Dataset", run.dataset)
    facts.add("Fingerprint", run.datasetFingerprint)
    facts.add("Model", run.model)
    facts.add("Began", "\(run.created.rfc3339) (\(Figures.age(now.timeIntervalSince(run.created))) ago)")
    facts.add("Ended", run.finished?.rfc3339)
    facts.add("Duration", run.durationText)
    if let host = run.host {
      facts.add("Worker", "\(host.pod) on \(host.node)")
      facts.add("Machine", "\(host.processors) × \(host.processor), \(Figures.bytes(host.memory))")
      facts.add("TensorFleet", host.version)
    }
    facts.add("History", points == 0 ? nil : "\(points) points; '\(Invocation.name) runs plot \(run.id)' draws them")
    var lines = facts.lines
    if let metrics = run.metrics, !metrics.isEmpty {
      let rows = metrics.sorted { $0.key < $1.key }.map { [$0.key, Figures.metric($0.value)] }
      lines += [""] + table([["METRIC", "VALUE"]] + rows)
    }
    guard attempts.count > 1 else { return lines }
    let rows = attempts.map { attempt in
      [
        "\(attempt.attempt)", attempt.state, attempt.created.rfc3339, attempt.durationText ?? "-",
        attempt.host?.pod ?? "-", attempt.failure ?? "-",
      ]
    }
    return lines + [""] + table([["ATTEMPT", "STATE", "BEGAN", "DURATION", "WORKER", "FAILURE"]] + rows)
  }

  private func table(_ rows: [[String]]) -> [String] {
    var lines = TextTable.render(rows)
    lines[0] = style.paint(lines[0], .bold)
    return lines
  }
}
