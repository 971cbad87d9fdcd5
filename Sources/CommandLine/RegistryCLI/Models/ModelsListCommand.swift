import ArgumentParser
import CommandLineKit
import Foundation
import Registries
import TrainingDefinition

/// `tensorfleet models list`.
struct ModelsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists models, every version of them.",
    discussion: """
      By name, the newest version of each first; --sort-by takes name, algorithm, created, size, \
      or a metric such as accuracy or test_loss. With -o json and yaml: \
      {"items": [...], "total": n}, n counting every page.

      \(ExitStatus.help)

      EXAMPLES
        \(Invocation.name) models list
        \(Invocation.name) models list --metric 'accuracy>=0.95' --since 7d
        \(Invocation.name) models list --sort-by accuracy --limit 5
        \(Invocation.name) models list --tag production -o name
      """,
    aliases: ["ls"])

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("Only the versions of this model.", valueName: "name"), completion: NameCompletion.models)
  var name: String?

  @Option(help: ArgumentHelp("Only models of this algorithm.", valueName: "name"), completion: FilterValues.algorithms)
  var algorithm: String?

  @Option(
    help: ArgumentHelp(
      "Only models trained on this data set: as the job named it, or its file's name.", valueName: "name or uri"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Only models with this metric, such as 'accuracy>=0.95'. Repeated: all must hold.", valueName: "condition"))
  var metric: [String] = []

  @Option(help: ArgumentHelp("Only versions with this tag.", valueName: "tag"))
  var tag: String?

  @OptionGroup var list: ListOptions

  func run() async throws {
    try await RegistryFailure.guarding { console in
      let query = ModelQuery(
        name: name, algorithm: try FilterValues.algorithm(algorithm), dataset: dataset, tag: tag,
        metrics: try FilterValues.metrics(metric), since: list.since?.date(now: console.now()),
        order: try list.order(of: ["name", "algorithm", "created", "size"], hasMetrics: true), slice: list.slice)
      let registry = try registry.open(console)
      let (page, hint) = try await DatasetFilter.page(dataset, dataset: { $0.info.dataset }) { dataset, isWhole in
        var asked = query
        asked.dataset = dataset
        return try await registry.listModels(isWhole ? ModelQuery() : asked)
      }
      let format = list.output.output
      let printer = RecordPrinter(format: format, console: console)
      if try printer.encodes(RecordList(items: page.items.map { ModelView($0) }, total: page.total)) { return }
      if format == .name {
        console.say(page.items.map { "\($0.info.name)@\($0.version)" })
      } else if page.total == 0 {
        let isFiltered = query != ModelQuery(order: query.order, slice: query.slice)
        console.complain("No models found in \(registry.location)\(isFiltered ? " that are so" : "").")
        if let hint { console.complain(hint) }
      } else if !page.items.isEmpty {
        let table = ModelTable(isWide: format == .wide, sortedBy: query.order, now: console.now())
        printer.table(table.header, page.items.map(table.row), headers: !list.output.noHeaders)
      }
      if let more = list.more(shown: page.items.count, total: page.total) { console.complain(more) }
    }
  }
}

/// A line of a table for each version of a model.
struct ModelTable {
  var isWide: Bool
  var now: Date
  /// A metric that is not in the table anyway.
  private let metric: String?

  /// - Parameter order: a metric that models are sorted by gets a column.
  init(isWide: Bool, sortedBy order: RegistryOrder?, now: Date) {
    self.isWide = isWide
    self.now = now
    metric = if case .metric(let name) = order?.key, name != MetricName.accuracy { name } else { nil }
  }

  var header: [String] {
    ["NAME", "VERSION", "ALGORITHM", "ACCURACY"] + (metric.map { [$0.uppercased()] } ?? [])
      + ["DATASET", "TAGS", "SIZE", "AGE"] + (isWide ? ["DISPLAY-NAME", "F1", "TRAINING-TIME", "RUN"] : [])
  }

  func row(_ model: ModelRecord) -> [String] {
    let info = model.info
    let more = [
      info.displayName, Figures.metric(info.metrics[MetricName.f1Score]), Figures.duration(info.trainingTime), info.run,
    ]
    return [info.name, model.version, info.algorithm, Figures.metric(info.metrics[MetricName.accuracy])]
      + (metric.map { [Figures.metric(info.metrics[$0])] } ?? []) + [
        isWide ? info.dataset : DatasetLabel.short(info.dataset),
        model.tags.isEmpty ? "-" : model.tags.joined(separator: ","), Figures.bytes(model.size),
        Figures.age(now.timeIntervalSince(model.created)),
      ] + (isWide ? more : [])
  }
}
