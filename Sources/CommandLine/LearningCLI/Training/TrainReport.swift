import CommandLineKit
import Foundation
import Learning
import TrainingDefinition

/// What a training gave, for people and for programs.
struct TrainReport: Encodable, Sendable {
  var algorithm: String
  /// Every hyperparameter, defaults included.
  var hyperparameters: [String: String]
  var dataset: DatasetRequest
  /// Under the names users know; see `EvaluationReport.metrics`.
  var metrics: [String: Double]
  /// Training and test set apart.
  var evaluation: EvaluationReport
  var history: [EpochRecord]
  /// What was noticed about the data set.
  var warnings: [DatasetWarning]
  /// Of a search: its combinations, best first; nil without one.
  var search: [SearchResult.Candidate]?
  /// Paths by what they are.
  var files: [String: String]

  init(_ model: TrainedModel, request: TrainingRequest, files: [String: String]) {
    algorithm = model.description.algorithm
    hyperparameters = model.description.hyperparameters
    dataset = request.dataset
    metrics = model.metrics
    evaluation = model.description.report
    history = model.description.history
    warnings = model.description.warnings
    search = model.description.search
    self.files = files
  }

  /// The report as JSON, keys sorted.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    // Every number of a finished training is finite, so there is nothing that JSON could not hold.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

/// Renders a report for people; pure.
struct ReportText: Sendable {
  var style = TextStyle()

  /// Tables of more classes say more than anybody reads; report.json has them all.
  static let maximumClasses = 40

  func lines(_ report: TrainReport) -> [String] {
    var lines = (report.search.map { [""] + combinations($0) } ?? []) + [""] + overall(report.evaluation)
    lines += [""] + classes(report.evaluation.classification)
    lines.append("")
    let kinds = ["model", "onnx", "report", "curve"].filter { report.files[$0] != nil }
    let width = kinds.map(\.count).max() ?? 0
    lines += kinds.map { kind in
      "\(kind):\(String(repeating: " ", count: width - kind.count)) \(report.files[kind] ?? "")"
    }
    return lines
  }

  /// The best combinations of a search that are shown; report.json has more.
  static let maximumCombinations = 10

  private func combinations(_ search: [SearchResult.Candidate]) -> [String] {
    let names = search.first?.parameters.keys.sorted() ?? []
    var rows = [names + ["MEAN", "DEVIATION"]]
    for candidate in search.prefix(Self.maximumCombinations) {
      let scores =
        candidate.problem == nil
        ? [Figures.metric(candidate.mean), Figures.metric(candidate.deviation)] : ["failed", ""]
      rows.append(names.map { candidate.parameters[$0] ?? "" } + scores)
    }
    var lines = TextTable.render(rows, alignment: .numbers)
    lines[0] = style.paint(lines[0], .bold)
    let more = search.count - rows.count + 1
    return more > 0 ? lines + ["and \(more) more combinations"] : lines
  }

  private func overall(_ report: EvaluationReport) -> [String] {
    let hasRanking = report.judged.rocAUC != nil
    func row(_ name: String, _ split: SplitReport) -> [String] {
      let scores = split.classification
      return [
        name, Figures.metric(split.accuracy), Figures.metric(split.logLoss), Figures.metric(scores.precision),
        Figures.metric(scores.recall), Figures.metric(scores.f1Score),
      ] + (hasRanking ? [Figures.metric(split.rocAUC)] : [])
    }
    var rows = [["", "ACCURACY", "LOSS", "PRECISION", "RECALL", "F1"] + (hasRanking ? ["ROC AUC"] : [])]
    rows.append(row("train", report.train))
    if let test = report.test { rows.append(row("test", test)) }
    var lines = TextTable.render(rows, alignment: .numbers)
    lines[0] = style.paint(lines[0], .bold)
    lines.append("trained in \(Figures.duration(report.trainingTime))")
    return lines
  }

  private func classes(_ classification: ClassificationReport) -> [String] {
    let shown = classification.classes.prefix(Self.maximumClasses)
    var rows = [["CLASS", "PRECISION", "RECALL", "F1", "ROWS"]]
    rows += shown.map { score in
      [
        style.shortened(score.label.replacing("\n", with: " "), to: 40), Figures.metric(score.precision),
        Figures.metric(score.recall), Figures.metric(score.f1Score), "\(score.support)",
      ]
    }
    var lines = TextTable.render(rows, alignment: .numbers)
    lines[0] = style.paint(lines[0], .bold)
    let more = classification.classes.count - shown.count
    return more > 0 ? lines + ["and \(more) more classes"] : lines
  }
}
