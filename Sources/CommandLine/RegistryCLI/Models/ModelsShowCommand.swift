import ArgumentParser
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet models show`.
struct ModelsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a model: what it is, how good, from which run and data, and its files.",
    discussion: """
      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) models show iris
        \(Invocation.name) models show iris@v2 -o json
      """,
    aliases: ["describe"])

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "NAME, NAME@vN or NAME@TAG.", completion: NameCompletion.models)
  var model: String

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.model(model)
      let printer = RecordPrinter(format: output.output, console: console)
      if try printer.encodes(ModelView(record, isWhole: true)) { return }
      if output.output == .name { return console.say("\(record.info.name)@\(record.version)") }
      console.say(ModelText(style: console.style, now: console.now()).lines(record))
    }
  }
}

/// Renders a model for people; pure.
struct ModelText {
  var style: TextStyle
  var now: Date

  func lines(_ model: ModelRecord) -> [String] {
    let info = model.info
    var facts = FactList()
    facts.add("Name", info.name)
    facts.add("Version", model.version)
    facts.add("Display name", info.displayName)
    facts.add("Tags", model.tags.joined(separator: ", "))
    facts.add("Algorithm", info.algorithm)
    facts.add("Hyperparameters", FactList.pairs(info.hyperparameters))
    facts.add("Features", info.features.listed)
    facts.add("Target", info.targetColumn)
    facts.add("Dataset", info.dataset)
    facts.add("Fingerprint", info.datasetFingerprint)
    facts.add("Job", info.job.map { job in (info.namespace.map { "\($0)/" } ?? "") + job })
    facts.add("Run", info.run)
    facts.add("Training time", Figures.duration(info.trainingTime))
    facts.add("Created", "\(model.created.rfc3339) (\(Figures.age(now.timeIntervalSince(model.created))) ago)")
    facts.add("URI", model.uri)
    var lines = facts.lines
    if !info.metrics.isEmpty {
      let metrics = info.metrics.sorted { $0.key < $1.key }.map { [$0.key, Figures.metric($0.value)] }
      lines += [""] + table([["METRIC", "VALUE"]] + metrics)
    }
    let files = model.files.map { [$0.name, Figures.bytes($0.size), $0.sha256] }
    return lines + [""] + table([["FILE", "SIZE", "SHA-256"]] + files)
  }

  private func table(_ rows: [[String]]) -> [String] {
    var lines = TextTable.render(rows)
    lines[0] = style.paint(lines[0], .bold)
    return lines
  }
}
