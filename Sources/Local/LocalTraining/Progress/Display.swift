import CommandLineKit

/// Where a run tells how it goes: draws lines over on a terminal, appends them elsewhere.
package final class Display {
  package enum Mode: String, Sendable, CaseIterable {
    case live
    case plain
  }

  private let mode: Mode
  private let style: TextStyle
  private var drawn: [String] = []
  private var plain = PlainProgress()
  private let write: (String) -> Void
  private let size: () -> (columns: Int, rows: Int)

  package init(
    mode: Mode, style: TextStyle, size: @escaping () -> (columns: Int, rows: Int) = { Terminal.standardOutput.size },
    write: @escaping (String) -> Void = { Terminal.standardOutput.write($0) }
  ) {
    self.mode = mode
    self.style = style
    self.size = size
    self.write = write
  }

  /// Shows how the jobs stand now; writes nothing where that is what is shown already.
  package func show(_ jobs: [JobSnapshot]) {
    switch mode {
    case .plain:
      for line in plain.lines(jobs) { write(line + "\n") }
    case .live:
      let (columns, rows) = size()
      let lines = ProgressLines(style: style, width: max(20, columns - 1)).render(jobs, maxLines: max(2, rows - 1))
      guard lines != drawn else { return }
      var text = drawn.isEmpty ? "" : "\u{1b}[\(drawn.count)A"
      for line in lines { text += "\r\u{1b}[2K\(line)\n" }
      // Fewer lines than before: what is left below would be of yesterday.
      if lines.count < drawn.count { text += "\u{1b}[J" }
      write(text)
      drawn = lines
    }
  }

  /// Writes lines below what is shown; that stays as it is from now on.
  package func say(_ lines: [String]) {
    drawn = []
    for line in lines { write(line + "\n") }
  }
}
