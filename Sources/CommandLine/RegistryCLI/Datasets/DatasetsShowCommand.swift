import ArgumentParser
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet datasets show`.
struct DatasetsShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows a data set: versions, files, schema and statistics.",
    discussion: """
      DEVIATION is the standard deviation of all values there are (not of a sample of more).

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) datasets show iris
        \(Invocation.name) datasets show iris@3f2a91 -o yaml
      """,
    aliases: ["describe"])

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "NAME, or NAME@VERSION.", completion: NameCompletion.datasets)
  var dataset: String

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let registry = try registry.open(console)
      let record = try await registry.dataset(dataset)
      let versions = try await registry.datasetVersions(record.name)
      let printer = RecordPrinter(format: output.output, console: console)
      if try printer.encodes(DatasetView(record, versions: versions)) { return }
      if output.output == .name { return console.say("\(record.name)@\(record.version)") }
      let text = DatasetText(style: console.style, now: console.now())
      console.say(text.lines(record, versions: versions))
    }
  }
}

/// Renders a data set for people; pure.
struct DatasetText {
  var style: TextStyle
  var now: Date

  /// More columns say more than anybody reads; json has them all.
  static let maximumColumns = 100

  func lines(_ record: DatasetRecord, versions: [DatasetRecord]) -> [String] {
    var facts = FactList()
    facts.add("Name", record.name)
    facts.add("Version", record.version)
    facts.add("Created", "\(record.created.rfc3339) (\(Figures.age(now.timeIntervalSince(record.created))) ago)")
    facts.add("Size", Figures.bytes(record.size))
    facts.add("Format", record.summary?.format)
    facts.add("Rows", record.summary.map { "\($0.rows)" })
    var lines = facts.lines + [""]
    lines += table([["FILE", "SIZE", "SHA-256"]] + record.files.map { [$0.name, Figures.bytes($0.size), $0.sha256] })
    if let summary = record.summary { lines += [""] + columns(summary) }
    if versions.count > 1 {
      let rows = versions.map { version in
        [
          version.version.shortVersion + (version.version == record.version ? " *" : ""),
          version.summary.map { "\($0.rows)" } ?? "-", Figures.bytes(version.size),
          Figures.age(now.timeIntervalSince(version.created)),
        ]
      }
      lines += [""] + table([["VERSION", "ROWS", "SIZE", "AGE"]] + rows)
    }
    return lines
  }

  private func columns(_ summary: DatasetSummary) -> [String] {
    func number(_ value: Double?) -> String { value.map(Figures.short) ?? "-" }
    let rows = summary.columns.prefix(Self.maximumColumns).map { column in
      [
        style.shortened(column.name, to: 40), column.kind, "\(column.missing)",
        column.distinct.map { "\($0)" } ?? "many", number(column.minimum), number(column.maximum), number(column.mean),
        number(column.deviation),
      ]
    }
    let more = summary.columns.count - rows.count
    return table([["COLUMN", "KIND", "MISSING", "DISTINCT", "MIN", "MAX", "MEAN", "DEVIATION"]] + rows)
      + (more > 0 ? ["and \(more) more columns; -o json has them all"] : [])
  }

  private func table(_ rows: [[String]]) -> [String] {
    var lines = TextTable.render(rows)
    lines[0] = style.paint(lines[0], .bold)
    return lines
  }
}
