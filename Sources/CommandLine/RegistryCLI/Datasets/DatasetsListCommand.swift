import ArgumentParser
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet datasets list`.
struct DatasetsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists the newest version of every data set.",
    discussion: """
      --sort-by takes name, created or size. With -o json and yaml: {"items": [...], "total": n}, n counting every page.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) datasets list
        \(Invocation.name) datasets list --since 7d --sort-by size
        \(Invocation.name) datasets list -o json | jq -r '.items[].name'
      """,
    aliases: ["ls"])

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let query = DatasetQuery(
        since: list.since?.date(now: console.now()),
        order: try list.order(of: ["name", "created", "size"], hasMetrics: false), slice: list.slice)
      let registry = try registry.open(console)
      let page = try await registry.listDatasets(query)
      let format = list.output.output
      let printer = RecordPrinter(format: format, console: console)
      if try printer.encodes(RecordList(items: page.items.map { DatasetView($0) }, total: page.total)) { return }
      if format == .name {
        console.say(page.items.map(\.name))
      } else if page.total == 0 {
        console.complain("No data sets found in \(registry.location).")
      } else if !page.items.isEmpty {
        printer.table(
          DatasetTable.header(isWide: format == .wide),
          page.items.map { DatasetTable.row($0, isWide: format == .wide, now: console.now()) },
          headers: !list.output.noHeaders)
      }
      if let more = list.more(shown: page.items.count, total: page.total) { console.complain(more) }
    }
  }
}

/// A line of a table for each data set.
enum DatasetTable {
  static func header(isWide: Bool) -> [String] {
    ["NAME", "VERSION", "FORMAT", "ROWS", "COLUMNS", "SIZE", "AGE"] + (isWide ? ["FILES", "CREATED"] : [])
  }

  static func row(_ dataset: DatasetRecord, isWide: Bool, now: Date) -> [String] {
    let summary = dataset.summary
    return [
      dataset.name, isWide ? dataset.version : dataset.version.shortVersion, summary?.format ?? "-",
      summary.map { "\($0.rows)" } ?? "-", summary.map { "\($0.columns.count)" } ?? "-", Figures.bytes(dataset.size),
      Figures.age(now.timeIntervalSince(dataset.created)),
    ] + (isWide ? ["\(dataset.files.count)", dataset.created.rfc3339] : [])
  }
}
