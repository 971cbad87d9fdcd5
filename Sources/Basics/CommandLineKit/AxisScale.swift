import Foundation

/// The range of an axis and its ticks, at round numbers.
package struct AxisScale: Sendable, Equatable {
  package let range: ClosedRange<Double>
  package let ticks: [Double]
  /// Digits behind the point that all ticks need.
  package let digits: Int

  /// An axis that holds `values`, with about `count` ticks at multiples of 1, 2 or 5 times a power of ten.
  /// - Parameters:
  ///   - limit: the axis does not reach past it.
  ///   - whole: ticks at whole numbers only, and a range that ends where the values end.
  package init(_ values: [Double], count: Int = 5, limit: Double = .infinity, whole: Bool = false) {
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if high - low <= abs(high) * 1e-9 {
      let margin = max(abs(high) * 0.1, whole ? 1 : 0.01)
      (low, high) = (low - margin, min(high + margin, limit))
    }
    var step = Self.step((high - low) / Double(count))
    if whole { step = max(1, step) }
    let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    self.digits = digits
    if whole {
      range = low...high
    } else {
      let bottom = (low / step + 1e-9).rounded(.down) * step
      range = bottom...max(bottom + step, min((high / step - 1e-9).rounded(.up) * step, limit))
    }
    let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((range.upperBound / step + 1e-9).rounded(.down))
    ticks = first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// A tick's text.
  package func text(_ tick: Double) -> String { Figures.fixed(tick, digits: digits) }

  /// Where `value` lies in the range: 0 at its lower end, 1 at its upper.
  package func place(_ value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// The smallest 1, 2 or 5 times a power of ten that is at least `raw`.
  private static func step(_ raw: Double) -> Double {
    let power = pow(10, log10(max(raw, 1e-12)).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= raw * (1 - 1e-9) } ?? 10
    return factor * power
  }
}
