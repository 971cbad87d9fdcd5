import CommandLineKit
import Foundation
import Registries
import Synchronization

/// Draws one line over and over while bytes move; nothing where nobody watches.
final class TransferDisplay: Sendable {
  private struct State {
    var start: ContinuousClock.Instant?
    var begun = 0
    var drawn: ContinuousClock.Instant?
    var isDrawn = false
  }
  private let state = Mutex(State())
  private let console: Console
  private let isSilent: Bool
  private let line: TransferLine
  /// More often than this nobody can read.
  private static let interval = Duration.milliseconds(100)

  init(_ console: Console, quiet: Bool) {
    self.console = console
    isSilent = quiet || !console.isWatched
    line = TransferLine(style: console.complaintStyle)
  }

  /// For transfers of the registry.
  var progress: TransferProgress? {
    if isSilent { return nil }
    return { [self] transfer in show(transfer) }
  }

  func show(_ transfer: Transfer) {
    guard !isSilent else { return }
    let now = ContinuousClock.now
    let text = state.withLock { state -> String? in
      if state.start == nil {
        state.start = now
        state.begun = transfer.done
      }
      if let drawn = state.drawn, now - drawn < Self.interval, transfer.done < transfer.total { return nil }
      state.drawn = now
      state.isDrawn = true
      return line.text(
        transfer, elapsed: (now - (state.start ?? now)) / .seconds(1), begun: state.begun,
        width: max(20, console.size().columns - 1))
    }
    if let text { console.complaints("\r\u{1b}[2K" + text) }
  }

  /// Takes the line away: what is said next is the result.
  func end() {
    let wasDrawn = state.withLock { state in
      defer { state.isDrawn = false }
      return state.isDrawn
    }
    if wasDrawn { console.complaints("\r\u{1b}[2K") }
  }
}
