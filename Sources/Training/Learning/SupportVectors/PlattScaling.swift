#if canImport(Glibc)
  import Glibc
#endif

/// A sigmoid from decision values to probabilities: P(positive | decision) = 1 / (1 + exp(a·decision + b)).
///
/// Platt's fit in the arrangement of Lin, Lu and Weng (A note on Platt's probabilistic outputs for support vector
/// machines, 2007): Newton's method with backtracking on a regularised likelihood, written so that no exponent overflows.
package struct PlattScaling: Sendable, Equatable {
  package var a: Double
  package var b: Double

  package init(a: Double, b: Double) {
    self.a = a
    self.b = b
  }

  /// Fits to decision values and which of them are of positive rows.
  package init(decisions: [Double], positive: [Bool]) {
    let positives = Double(positive.count { $0 })
    let negatives = Double(positive.count) - positives
    let high = (positives + 1) / (positives + 2)
    let low = 1 / (negatives + 2)
    let targets = positive.map { $0 ? high : low }
    self.init(a: 0, b: log((negatives + 1) / (positives + 1)))
    var value = loss(decisions, targets)
    for _ in 0..<100 {
      let slope = Slope(self, decisions, targets)
      if abs(slope.a) < 1e-5, abs(slope.b) < 1e-5 { break }
      let determinant = slope.aa * slope.bb - slope.ab * slope.ab
      let stepA = -(slope.bb * slope.a - slope.ab * slope.b) / determinant
      let stepB = -(slope.aa * slope.b - slope.ab * slope.a) / determinant
      let descent = slope.a * stepA + slope.b * stepB
      guard let better = search(stepA, stepB, descent, value, decisions, targets) else { break }
      (self, value) = better
    }
  }

  /// P(positive | decision).
  package func probability(_ decision: Double) -> Double {
    let power = a * decision + b
    return power >= 0 ? exp(-power) / (1 + exp(-power)) : 1 / (1 + exp(power))
  }

  /// The first of the halved steps that lowers the loss enough.
  private func search(
    _ stepA: Double, _ stepB: Double, _ descent: Double, _ value: Double, _ decisions: [Double], _ targets: [Double]
  ) -> (PlattScaling, Double)? {
    var length = 1.0
    while length >= 1e-10 {
      let trial = PlattScaling(a: a + length * stepA, b: b + length * stepB)
      let reached = trial.loss(decisions, targets)
      if reached < value + 1e-4 * length * descent { return (trial, reached) }
      length /= 2
    }
    return nil
  }

  private func loss(_ decisions: [Double], _ targets: [Double]) -> Double {
    var sum = 0.0
    for (decision, target) in zip(decisions, targets) {
      let power = a * decision + b
      sum += power >= 0 ? target * power + log1p(exp(-power)) : (target - 1) * power + log1p(exp(power))
    }
    return sum
  }

  /// First and second derivatives of the loss.
  private struct Slope {
    var a = 0.0
    var b = 0.0
    // A little is added to the diagonal so that the matrix is never singular.
    var aa = 1e-12
    var bb = 1e-12
    var ab = 0.0

    init(_ scaling: PlattScaling, _ decisions: [Double], _ targets: [Double]) {
      for (decision, target) in zip(decisions, targets) {
        let p = scaling.probability(decision)
        let weight = p * (1 - p)
        aa += decision * decision * weight
        bb += weight
        ab += decision * weight
        a += decision * (target - p)
        b += target - p
      }
    }
  }
}
