import CommandLineKit
import Registries
import TrainingDefinition

/// Models side by side; pure.
struct ModelComparison {
  /// What scripts read.
  struct View: Encodable {
    var models: [ModelView]
    /// Hyperparameters that differ.
    var differingHyperparameters: [String]
    /// By metric the ids of the models that are best in it.
    var best: [String: [String]]
    var warnings: [String]
  }

  let models: [ModelRecord]

  init(_ models: [ModelRecord]) { self.models = models }

  /// Hyperparameters of which not all models have the same value.
  var differingHyperparameters: [String] {
    Set(models.flatMap(\.info.hyperparameters.keys)).sorted().filter { name in
      Set(models.map { $0.info.hyperparameters[name] }).count > 1
    }
  }

  /// Every metric that a model has: those that users look at first, then the others by name.
  private var metrics: [String] {
    let first = [MetricName.accuracy, MetricName.f1Score, MetricName.precision, MetricName.recall, MetricName.testLoss]
    let all = Set(models.flatMap(\.info.metrics.keys)).subtracting([MetricName.trainingTime])
    return first.filter(all.contains) + all.subtracting(first).sorted()
  }

  /// The best value of a metric; nil where fewer than two models have it or all are equal.
  private func best(_ values: [Double?], lowest: Bool) -> Double? {
    let known = values.compactMap { $0 }
    guard known.count > 1, Set(known).count > 1 else { return nil }
    return lowest ? known.min() : known.max()
  }

  var view: View {
    var best: [String: [String]] = [:]
    for metric in metrics {
      let values = models.map { $0.info.metrics[metric] }
      guard let top = self.best(values, lowest: MetricNames.isBetterLow(metric)) else { continue }
      best[metric] = zip(models, values).filter { $1 == top }.map(\.0.id)
    }
    return View(
      models: models.map { ModelView($0) }, differingHyperparameters: differingHyperparameters, best: best,
      warnings: warnings)
  }

  /// What makes figures that stand side by side no comparison.
  var warnings: [String] {
    let names = Set(models.map(\.info.dataset))
    if names.count > 1 {
      return [
        "the models were trained on different data sets (\(names.sorted().listed)): their metrics say little about which is better"
      ]
    }
    guard Set(models.map(\.info.datasetFingerprint)).count > 1 else { return [] }
    return [
      "the contents of \(names.first ?? "the data set") changed between these trainings: their metrics are of different rows"
    ]
  }

  func lines(style: TextStyle) -> [String] {
    var rows = [[""] + models.map { "\($0.info.name)@\($0.version)" }]
    func add(_ name: String, _ values: [String]) { rows.append([name] + values) }
    add("algorithm", models.map(\.info.algorithm))
    add("dataset", models.map { DatasetLabel.short($0.info.dataset) })
    for name in differingHyperparameters { add(name, models.map { $0.info.hyperparameters[name] ?? "-" }) }
    for metric in metrics {
      addMarked(metric, models.map { $0.info.metrics[metric] }, MetricNames.isBetterLow(metric), Figures.metric, &rows)
    }
    addMarked("training time", models.map(\.info.trainingTime), true, { $0.map(Figures.duration) ?? "-" }, &rows)
    addMarked("size", models.map { Double($0.size) }, true, { Figures.bytes(Int($0 ?? 0)) }, &rows)
    add("created", models.map(\.created.rfc3339))
    add("tags", models.map { $0.tags.isEmpty ? "-" : $0.tags.joined(separator: ",") })
    var lines = TextTable.render(rows)
    lines[0] = style.paint(lines[0], .bold)
    return lines
  }

  private func addMarked(
    _ name: String, _ values: [Double?], _ lowest: Bool, _ text: (Double?) -> String, _ rows: inout [[String]]
  ) {
    let top = best(values, lowest: lowest)
    rows.append([name] + values.map { text($0) + ($0 != nil && $0 == top ? " *" : "") })
  }
}
