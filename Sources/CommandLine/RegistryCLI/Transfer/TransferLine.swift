import CommandLineKit
import Registries

/// Renders how far a transfer is as one line; pure.
struct TransferLine {
  var style = TextStyle()
  static let barWidth = 20

  /// - Parameters:
  ///   - elapsed: seconds since the transfer began.
  ///   - begun: bytes that were done when it began.
  ///   - width: the line is not longer, so that it can be drawn over.
  func text(_ transfer: Transfer, elapsed: Double, begun: Int = 0, width: Int) -> String {
    let percent = transfer.total > 0 ? min(100, transfer.done * 100 / transfer.total) : 100
    let number = "\(percent)%"
    let bar = style.bar(percent: percent, width: Self.barWidth)
    var facts = [
      bar + String(repeating: " ", count: 5 - number.count) + number,
      "\(Figures.bytes(transfer.done)) of \(Figures.bytes(transfer.total))",
    ]
    let moved = transfer.done - begun
    // Earlier the rate says more about the clock than about the transfer.
    if elapsed >= 0.5, moved > 0 {
      let rate = Double(moved) / elapsed
      facts.append("\(Figures.bytes(Int(rate)))/s")
      let left = transfer.total - transfer.done
      if left > 0 { facts.append("\(Figures.wholeDuration(Double(left) / rate)) left") }
    }
    let tail = facts.joined(separator: "  ")
    let room = width - tail.count - 2
    guard room >= 4, !transfer.file.isEmpty else { return style.shortened(tail, to: width) }
    return "\(style.shortened(transfer.file, to: min(room, 40)))  \(tail)"
  }
}
