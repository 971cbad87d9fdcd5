/// A step length along a descent direction that meets the strong Wolfe conditions (Nocedal and Wright, algorithms 3.5
/// and 3.6).
struct WolfeSearch {
  /// The function seen from one step length.
  struct Probe {
    var length: Double
    var value: Double
    /// Derivative along the direction.
    var slope: Double
    var point: [Double]
    var gradient: [Double]
  }

  /// Value and slope at length 0; the slope is negative.
  let value: Double
  let slope: Double
  /// The first length to try.
  let first: Double

  private static let sufficientDecrease = 1e-4
  private static let curvature = 0.9
  private static let maximumProbes = 20

  /// The probe accepted, or nil where no length lowers the value.
  func run(_ evaluate: (Double) -> Probe) -> Probe? {
    var previous: Probe?
    var length = first
    for attempt in 0..<Self.maximumProbes {
      let probe = evaluate(length)
      guard probe.value.isFinite else {
        length = ((previous?.length ?? 0) + length) / 2
        continue
      }
      if !decreasesEnough(probe) || (attempt > 0 && probe.value >= previous?.value ?? value) {
        return zoom(low: previous, high: probe, evaluate)
      }
      if isFlatEnough(probe) { return probe }
      if probe.slope >= 0 { return zoom(low: probe, high: previous, evaluate) }
      previous = probe
      length *= 2
    }
    return previous
  }

  private func decreasesEnough(_ probe: Probe) -> Bool {
    probe.value <= value + Self.sufficientDecrease * probe.length * slope
  }

  private func isFlatEnough(_ probe: Probe) -> Bool { abs(probe.slope) <= -Self.curvature * slope }

  /// Narrows the interval between `low`, the best so far, and `high`; nil stands for length 0.
  private func zoom(low: Probe?, high: Probe?, _ evaluate: (Double) -> Probe) -> Probe? {
    var best = low
    var other = high
    for _ in 0..<Self.maximumProbes {
      let a = best?.length ?? 0
      let b = other?.length ?? 0
      guard abs(b - a) > 1e-14 * max(abs(a), abs(b)) else { break }
      let probe = evaluate(interpolated(best, other))
      if !probe.value.isFinite || !decreasesEnough(probe) || probe.value >= best?.value ?? value {
        other = probe
      } else {
        if isFlatEnough(probe) { return probe }
        if probe.slope * (b - a) >= 0 { other = best }
        best = probe
      }
    }
    // A decrease is progress even where the slope stayed too steep.
    return best
  }

  /// The minimum of the cubic through both ends, or the middle where that lies too near an end.
  private func interpolated(_ low: Probe?, _ high: Probe?) -> Double {
    let (a, fa, ga) = (low?.length ?? 0, low?.value ?? value, low?.slope ?? slope)
    let (b, fb, gb) = (high?.length ?? 0, high?.value ?? value, high?.slope ?? slope)
    let middle = (a + b) / 2
    let d1 = ga + gb - 3 * (fa - fb) / (a - b)
    let inner = d1 * d1 - ga * gb
    guard inner >= 0, inner.isFinite else { return middle }
    let d2 = (b > a ? 1.0 : -1.0) * inner.squareRoot()
    let cubic = b - (b - a) * (gb + d2 - d1) / (gb - ga + 2 * d2)
    let margin = 0.1 * abs(b - a)
    return cubic.isFinite && cubic > min(a, b) + margin && cubic < max(a, b) - margin ? cubic : middle
  }
}
