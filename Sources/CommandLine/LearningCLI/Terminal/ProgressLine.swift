import CommandLineKit
import Learning

/// Renders how far a training is as one line; pure.
struct ProgressLine: Sendable {
  /// What a line tells of.
  struct State: Sendable, Equatable {
    /// What is trained.
    var name: String
    var phase: Phase
    var progress: TrainingProgress
    /// What the session's epochs are called; nil where there is one only.
    var unit: ProgressUnit?
    /// Seconds still to go; nil where that cannot be told yet.
    var remaining: Double?

    var percent: Int { min(100, Int((progress.fraction * 100).rounded(.down))) }
  }

  enum Phase: String, Sendable {
    case training = "Training"
    case completed = "Completed"
    case interrupted = "Interrupted"
    case failed = "Failed"
  }

  var style = TextStyle()
  static let barWidth = 20

  /// A line no longer than `width`, so that it can be drawn over.
  func live(_ state: State, width: Int) -> String {
    let bar = style.bar(percent: state.percent, width: Self.barWidth)
    let number = "\(state.percent)%"
    let percent = String(repeating: " ", count: 4 - number.count) + number
    let plain = "\(state.name)  \(state.phase.rawValue)  \(bar) \(percent)"
    let room = width - plain.count - 2
    guard room >= 0 else { return style.shortened(plain, to: width) }
    let colour = Self.colour(state.phase)
    let painted =
      "\(style.paint(state.name, .bold))  \(style.paint(state.phase.rawValue, colour))  "
      + "\(style.paint(bar, colour)) \(percent)"
    let tail = style.shortened(Self.facts(state).joined(separator: "  "), to: room)
    return tail.isEmpty ? painted : "\(painted)  \(tail)"
  }

  /// A line for a log: no bar, no colours.
  static func plain(_ state: State) -> String {
    ([state.name, state.phase.rawValue, "\(state.percent)%"] + facts(state)).joined(separator: "  ")
  }

  private static func facts(_ state: State) -> [String] {
    let progress = state.progress
    var facts: [String] = []
    if let unit = state.unit {
      facts.append("\(unit.name) \(progress.epoch)" + (unit.isCounted ? "/\(progress.epochs)" : ""))
    }
    if let loss = progress.loss { facts.append("loss \(Figures.metric(loss))") }
    if let accuracy = progress.accuracy { facts.append("accuracy \(Figures.metric(accuracy))") }
    if let accuracy = progress.testAccuracy { facts.append("test accuracy \(Figures.metric(accuracy))") }
    if state.phase == .training, let remaining = state.remaining {
      facts.append("\(Figures.wholeDuration(remaining)) left")
    }
    return facts
  }

  private static func colour(_ phase: Phase) -> TextStyle.Colour {
    switch phase {
    case .training, .interrupted: .yellow
    case .completed: .green
    case .failed: .red
    }
  }
}
