import Foundation
import Learning

/// What a training gave, for people and for programs.
struct TrainReport: Encodable, Sendable {
  var algorithm: String
  /// Every hyperparameter, defaults included.
  var hyperparameters: [String: String]
  var dataset: DatasetRequest
  /// Under the names users know; see `EvaluationReport.metrics`.
  var metrics: [String: Double]
  /// On the test set, or on the training set where there is no other.
  var classification: ClassificationReport
  var history: [EpochRecord]
  /// Paths by what they are.
  var files: [String: String]

  init(_ model: TrainedModel, request: TrainingRequest, files: [String: String]) {
    algorithm = model.description.algorithm
    hyperparameters = model.description.hyperparameters
    dataset = request.dataset
    metrics = model.metrics
    classification = model.description.report.classification
    history = model.description.history
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
    var lines = [""] + overall(report.metrics)
    lines += [""] + classes(report.classification)
    lines.append("")
    let kinds = ["model", "onnx", "report", "curve"].filter { report.files[$0] != nil }
    let width = kinds.map(\.count).max() ?? 0
    lines += kinds.map { kind in
      "\(kind):\(String(repeating: " ", count: width - kind.count)) \(report.files[kind] ?? "")"
    }
    return lines
  }

  private func overall(_ metrics: [String: Double]) -> [String] {
    let hasTest = metrics["test_accuracy"] != nil
    var rows = [["", "ACCURACY", "LOSS", "PRECISION", "RECALL", "F1"]]
    func row(_ name: String, _ prefix: String, isJudged: Bool) -> [String] {
      [name, Figures.metric(metrics["\(prefix)_accuracy"]), Figures.metric(metrics["\(prefix)_loss"])]
        + ["precision", "recall", "f1_score"].map { isJudged ? Figures.metric(metrics[$0]) : "" }
    }
    rows.append(row("train", "train", isJudged: !hasTest))
    if hasTest { rows.append(row("test", "test", isJudged: true)) }
    var lines = TextTable.render(rows).map { $0.trimmedAtEnd }
    lines[0] = style.paint(lines[0], .bold)
    lines.append("trained in \(Figures.duration(metrics["training_time"] ?? 0))")
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
    var lines = TextTable.render(rows)
    lines[0] = style.paint(lines[0], .bold)
    let more = classification.classes.count - shown.count
    return more > 0 ? lines + ["and \(more) more classes"] : lines
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
