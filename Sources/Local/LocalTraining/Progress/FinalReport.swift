import CommandLineKit
import FleetAPI
import KubeTypes
import TrainingDefinition

/// What is said when all is over: the metrics, where the models lie, and why what failed did; pure.
package struct FinalReport: Sendable {
  package struct Entry: Sendable {
    package var job: TrainingJob
    /// Newest last.
    package var events: [Event]
    package init(job: TrainingJob, events: [Event] = []) {
      self.job = job
      self.events = events
    }
  }

  package var style: TextStyle
  package init(style: TextStyle = TextStyle()) { self.style = style }

  package func render(_ entries: [Entry]) -> [String] {
    var rows = [["JOB", "STATUS", "ACCURACY", "F1", "LOSS", "TRAINING TIME", "MODEL"]]
    rows += entries.map { row($0.job) }
    let table = TextTable.render(rows)
    var lines = zip(table, [nil] + entries.map(\.job)).map { line, job in
      style.paint(line, job.map { $0.hasSucceeded ? nil : $0.hasFailed ? .red : .yellow } ?? .bold)
    }
    let models = entries.compactMap { entry in
      entry.job.status?.model?.uri.map { (JobSnapshot(entry.job).name, Self.path($0)) }
    }
    if !models.isEmpty {
      lines.append("")
      let width = models.map(\.0.count).max() ?? 0
      lines += models.map { "model of \("\($0):".padded(to: width + 1)) \($1)" }
    }
    for entry in entries where !entry.job.hasSucceeded { lines += failure(entry) }
    return lines
  }

  private func row(_ job: TrainingJob) -> [String] {
    let metrics = Dictionary(
      (job.status?.metrics ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    func metric(_ names: String...) -> String {
      names.lazy.compactMap { metrics[$0] }.first.map { $0.rounded(digits: 4) } ?? "-"
    }
    let status = job.status
    let model = status?.model
    return [
      JobSnapshot(job).name, JobSnapshot(job).state,
      metrics[MetricName.accuracy] == nil ? status?.accuracy?.rounded(digits: 4) ?? "-" : metric(MetricName.accuracy),
      metric(MetricName.f1Score),
      metrics[MetricName.testLoss] == nil && metrics[MetricName.trainLoss] == nil
        ? status?.loss?.rounded(digits: 4) ?? "-" : metric(MetricName.testLoss, MetricName.trainLoss),
      metrics[MetricName.trainingTime].map { "\($0.rounded(digits: 2)) s" } ?? "-",
      model.map { $0.displayName ?? "\($0.name) \($0.version)" } ?? "-",
    ]
  }

  private func failure(_ entry: Entry) -> [String] {
    let snapshot = JobSnapshot(entry.job)
    let message = snapshot.message ?? "it did not come to its end"
    var lines = ["", style.paint("\(snapshot.name) (\(snapshot.state)): \(message)", .red)]
    lines += entry.events.suffix(5).map { event in
      let count = (event.count ?? 1) > 1 ? " (\(event.count ?? 1) times)" : ""
      return "  \(event.type ?? "Normal")  \(event.reason ?? "")  \(event.message ?? "")\(count)"
    }
    return lines
  }

  /// A file's URI as the path that people type.
  private static func path(_ uri: String) -> String {
    uri.hasPrefix("file:///") ? String(uri.dropFirst("file://".count)) : uri
  }
}
