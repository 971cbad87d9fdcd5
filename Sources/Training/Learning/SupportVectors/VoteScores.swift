#if canImport(Glibc)
  import Glibc
#endif

/// Scores of the classes from the decision values of all pairs, for machines without calibrated probabilities.
///
/// Each pair gives its winner a vote; decision 0 is for the second class. With s the sum of a class's decision values, its
/// confidence is s / (3·(|s| + 1)), which is below a third (scikit-learn's `decision_function` with "ovr"): it orders
/// classes of equal votes and says how clear the matter is. The scores are exp(votes + confidence), normalised. They are
/// no probabilities in the sense of frequencies. The first of the classes with most votes always has the largest score:
/// it is the class that libsvm predicts.
enum VoteScores {
  static func scores(_ decisions: UnsafePointer<Float>, classes: Int, into result: inout [Double]) {
    var votes = [Int](repeating: 0, count: classes)
    for label in 0..<classes { result[label] = 0 }
    var pair = 0
    for first in 0..<classes {
      for second in (first + 1)..<max(classes, first + 1) {
        let decision = Double(decisions[pair])
        votes[decision > 0 ? first : second] += 1
        result[first] += decision
        result[second] -= decision
        pair += 1
      }
    }
    let most = votes.max() ?? 0
    let winner = votes.firstIndex(of: most) ?? 0
    var clearest = -Double.infinity
    for label in 0..<classes {
      let sum = result[label]
      result[label] = sum / (3 * (abs(sum) + 1))
      if votes[label] == most { clearest = max(clearest, result[label]) }
    }
    // Among equals libsvm takes the first, however clear the others are.
    result[winner] = clearest
    var total = 0.0
    for label in 0..<classes {
      result[label] = exp(Double(votes[label] - most) + result[label])
      total += result[label]
    }
    for label in 0..<classes { result[label] /= total }
  }
}
