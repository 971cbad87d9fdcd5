import ArgumentParser
import CommandLineKit
import Foundation
import Registries

/// `tensorfleet runs list`.
struct RunsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists runs, the newest first.",
    discussion: """
      Of each run the newest attempt. --sort-by takes created, job, algorithm, or a metric such as \
      accuracy. With -o json and yaml: {"items": [...], "total": n}, n \
      counting every page.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) runs list
        \(Invocation.name) runs list --name iris --sort-by accuracy --limit 5
        \(Invocation.name) runs list --state failed --since 24h -o wide
      """,
    aliases: ["ls"])

  @OptionGroup var registry: RegistryOptions

  @Option(name: [.long, .customLong("job")], help: ArgumentHelp("Only runs of this job.", valueName: "job"))
  var name: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Only runs of jobs in this namespace.", valueName: "namespace"))
  var namespace: String?

  @Option(help: ArgumentHelp("Only runs of this algorithm.", valueName: "name"), completion: FilterValues.algorithms)
  var algorithm: String?

  @Option(
    help: ArgumentHelp("Only runs on this data set: as the job named it, or its file's name.", valueName: "name or uri")
  )
  var dataset: String?

  @Option(
    help: ArgumentHelp("Only runs in this state: \(FilterValues.states.joined(separator: ", ")).", valueName: "state"),
    completion: .list(FilterValues.states))
  var state: String?

  @Option(
    help: ArgumentHelp(
      "Only runs with this final metric, such as 'accuracy>=0.95'. Repeated: all must hold.", valueName: "condition"))
  var metric: [String] = []

  @OptionGroup var list: ListOptions

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let query = RunQuery(
        job: name, namespace: namespace, algorithm: try FilterValues.algorithm(algorithm), dataset: dataset,
        state: try FilterValues.state(state), metrics: try FilterValues.metrics(metric),
        since: list.since?.date(now: console.now()),
        order: try list.order(of: ["created", "job", "name", "algorithm"], hasMetrics: true), slice: list.slice)
      let registry = try registry.open(console)
      let (page, hint) = try await DatasetFilter.page(dataset, dataset: { $0.dataset }) { dataset, isWhole in
        var asked = query
        asked.dataset = dataset
        return try await registry.listRuns(isWhole ? RunQuery() : asked)
      }
      let format = list.output.output
      let printer = RecordPrinter(format: format, console: console)
      if try printer.encodes(RecordList(items: page.items.map(RunView.init), total: page.total)) { return }
      if format == .name {
        console.say(page.items.map(\.id))
      } else if page.total == 0 {
        let isFiltered = query != RunQuery(order: query.order, slice: query.slice)
        console.complain("No runs found in \(registry.location)\(isFiltered ? " that are so" : "").")
        if let hint { console.complain(hint) }
      } else if !page.items.isEmpty {
        let table = RunTable(page.items, isWide: format == .wide, now: console.now())
        printer.table(table.header, page.items.map(table.row), headers: !list.output.noHeaders)
      }
      if let more = list.more(shown: page.items.count, total: page.total) { console.complain(more) }
    }
  }
}
