import CommandLineKit

/// Where a training tells how it goes: draws one line over on a terminal, appends lines elsewhere.
final class ProgressDisplay {
  enum Mode: Sendable {
    case live
    case plain
    case silent
  }

  private let mode: Mode
  private let line: ProgressLine
  private let columns: () -> Int
  private let write: (String) -> Void
  private var drawn: String?
  private var said: (phase: ProgressLine.Phase, tenth: Int)?

  init(mode: Mode, style: TextStyle, columns: @escaping () -> Int, write: @escaping (String) -> Void) {
    self.mode = mode
    line = ProgressLine(style: style)
    self.columns = columns
    self.write = write
  }

  /// Shows `state`. On a terminal every change, in a log a new phase and every tenth of the way.
  func show(_ state: ProgressLine.State) {
    switch mode {
    case .silent: break
    case .live:
      let text = line.live(state, width: max(20, columns() - 1))
      guard text != drawn else { return }
      write("\r\u{1b}[2K" + text + (state.phase == .training ? "" : "\n"))
      drawn = text
    case .plain:
      let now = (state.phase, state.percent / 10)
      if let said, said == now { return }
      said = now
      write(ProgressLine.plain(state) + "\n")
    }
  }
}
