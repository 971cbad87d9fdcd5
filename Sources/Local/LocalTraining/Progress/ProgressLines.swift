import CommandLineKit

/// Renders jobs as lines of progress; pure.
package struct ProgressLines: Sendable {
  package var style: TextStyle
  /// Columns of the terminal; lines never are longer, so that they can be drawn over.
  package var width: Int
  static let barWidth = 20

  package init(style: TextStyle = TextStyle(), width: Int = 100) {
    self.style = style
    self.width = width
  }

  /// One line a job, columns aligned. Of more jobs than lines the active ones are shown, and how many others there are.
  package func render(_ jobs: [JobSnapshot], maxLines: Int = .max) -> [String] {
    var shown = jobs
    var more: String?
    if jobs.count > maxLines {
      shown = Array(
        (jobs.filter { $0.outcome == .active } + jobs.filter { $0.outcome != .active }).prefix(maxLines - 1))
      let done = jobs.count { $0.outcome == .succeeded }
      let failed = jobs.count { $0.outcome == .failed }
      more = "and \(jobs.count - shown.count) more; of all \(jobs.count): \(done) completed, \(failed) failed"
    }
    let nameWidth = min(32, shown.map(\.name.count).max() ?? 0)
    let stateWidth = shown.map(\.state.count).max() ?? 0
    let lines = shown.map { line($0, nameWidth, stateWidth) }
    return lines + (more.map { [$0.shortened(to: width, ellipsis: ellipsis)] } ?? [])
  }

  private var ellipsis: String { style.usesUnicode ? "…" : "~" }

  private func line(_ job: JobSnapshot, _ nameWidth: Int, _ stateWidth: Int) -> String {
    let name = job.name.shortened(to: nameWidth, ellipsis: ellipsis).padded(to: nameWidth)
    let bar = style.bar(percent: job.percent, width: Self.barWidth)
    let percent = "\(job.percent)%".leftPadded(to: 4)
    let plain = "\(name)  \(job.state.padded(to: stateWidth))  \(bar) \(percent)"
    let facts = Self.facts(job).joined(separator: "  ")
    let room = width - plain.count - 2
    guard room >= 0 else { return plain.shortened(to: width, ellipsis: ellipsis) }
    let tail = facts.shortened(to: room, ellipsis: ellipsis)
    let painted =
      "\(style.paint(name, .bold))  \(style.paint(job.state.padded(to: stateWidth), Self.colour(job)))  "
      + "\(style.paint(bar, Self.colour(job))) \(percent)"
    return tail.isEmpty ? painted : "\(painted)  \(tail)"
  }

  /// A line for a log: no bar, no columns, no colours.
  package static func plain(_ job: JobSnapshot) -> String {
    ([job.name, job.state, "\(job.percent)%"] + facts(job)).joined(separator: "  ")
  }

  static func facts(_ job: JobSnapshot) -> [String] {
    var facts: [String] = []
    if let epoch = job.epoch { facts.append("epoch \(epoch)\(job.epochs.map { "/\($0)" } ?? "")") }
    if let loss = job.loss { facts.append("loss \(loss.rounded(digits: 4))") }
    if let accuracy = job.accuracy { facts.append("accuracy \(accuracy.rounded(digits: 4))") }
    if job.workers > 0 { facts.append(job.workers == 1 ? "1 worker" : "\(job.workers) workers") }
    if job.restarts > 0 { facts.append(job.restarts == 1 ? "1 restart" : "\(job.restarts) restarts") }
    if let message = job.message { facts.append(message.replacing("\n", with: " ")) }
    return facts
  }

  private static func colour(_ job: JobSnapshot) -> TextStyle.Colour {
    switch job.outcome {
    case .active: .yellow
    case .succeeded: .green
    case .failed: .red
    }
  }
}
