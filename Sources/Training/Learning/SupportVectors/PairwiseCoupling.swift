/// Class probabilities from the probabilities of each pair of classes: the second method of Wu, Lin and Weng (Probability
/// estimates for multi-class classification by pairwise coupling, 2004), with the iteration of their algorithm 2, which
/// libsvm uses. Owns its memory; one a thread.
final class PairwiseCoupling {
  private let classes: Int
  /// r[i·classes + j]: how probable class i is if it is i or j.
  private var r: [Double]
  private var q: [Double]
  private var products: [Double]

  init(classes: Int) {
    self.classes = classes
    r = [Double](repeating: 0, count: classes * classes)
    q = r
    products = [Double](repeating: 0, count: classes)
  }

  /// - Parameters:
  ///   - pairs: P(first | first or second) for all pairs, in the order of `ClassPair.all`.
  ///   - result: [classes], adding up to 1.
  func couple(_ pairs: [Double], into result: inout [Double]) {
    var index = 0
    for first in 0..<classes {
      for second in (first + 1)..<max(classes, first + 1) {
        // Certainty would leave the system without a unique solution.
        let probability = min(max(pairs[index], 1e-7), 1 - 1e-7)
        r[first * classes + second] = probability
        r[second * classes + first] = 1 - probability
        index += 1
      }
    }
    makeMatrix()
    solve(&result)
  }

  /// Q, whose quadratic form the probabilities minimise.
  private func makeMatrix() {
    for t in 0..<classes {
      var sum = 0.0
      for j in 0..<classes where j != t {
        sum += r[j * classes + t] * r[j * classes + t]
        q[t * classes + j] = -r[j * classes + t] * r[t * classes + j]
      }
      q[t * classes + t] = sum
    }
  }

  private func solve(_ p: inout [Double]) {
    for t in 0..<classes { p[t] = 1 / Double(classes) }
    let tolerance = 0.005 / Double(classes)
    for _ in 0..<max(100, classes) {
      var form = 0.0
      for t in 0..<classes {
        products[t] = (0..<classes).reduce(0) { $0 + q[t * classes + $1] * p[$1] }
        form += p[t] * products[t]
      }
      guard products.contains(where: { abs($0 - form) >= tolerance }) else { return }
      for t in 0..<classes {
        let change = (form - products[t]) / q[t * classes + t]
        p[t] += change
        let scale = 1 / (1 + change)
        form = (form + change * (change * q[t * classes + t] + 2 * products[t])) * scale * scale
        for j in 0..<classes {
          products[j] = (products[j] + change * q[t * classes + j]) * scale
          p[j] *= scale
        }
      }
    }
  }
}
