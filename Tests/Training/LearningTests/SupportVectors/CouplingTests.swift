import Testing

@testable import Learning

@Suite struct CouplingTests {
  @Test(arguments: 0..<50) func consistentPairsGiveTheirProbabilities(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let classes = 2 + random.below(9)
    var truth = (0..<classes).map { _ in Double(random.uniform(0.02, 1)) }
    let total = truth.reduce(0, +)
    truth = truth.map { $0 / total }
    let pairs = ClassPair.all(classes: classes).map { truth[$0.first] / (truth[$0.first] + truth[$0.second]) }
    var result = [Double](repeating: 0, count: classes)
    PairwiseCoupling(classes: classes).couple(pairs, into: &result)
    #expect(abs(result.reduce(0, +) - 1) < 1e-9, "seed \(seed)")
    for (found, wanted) in zip(result, truth) { #expect(abs(found - wanted) < 0.02, "seed \(seed)") }
  }

  @Test func certainPairsStayFinite() {
    var result = [0.0, 0, 0]
    PairwiseCoupling(classes: 3).couple([1, 1, 1], into: &result)
    #expect(result.allSatisfy { $0.isFinite })
    #expect(result[0] > 0.99)
  }

  @Test(arguments: 0..<200) func theVotesWinnerHasTheLargestScore(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let classes = 2 + random.below(6)
    let pairs = ClassPair.all(classes: classes)
    // Few different values, so that votes and confidences are often equal.
    let decisions = pairs.map { _ in Float(random.below(5) - 2) }
    var votes = [Int](repeating: 0, count: classes)
    for (pair, decision) in zip(pairs, decisions) { votes[decision > 0 ? pair.first : pair.second] += 1 }
    let winner = votes.firstIndex(of: votes.max() ?? 0)
    var scores = [Double](repeating: 0, count: classes)
    VoteScores.scores(decisions, classes: classes, into: &scores)
    let probabilities = scores.map { Float($0) }
    #expect(Kernels.argmax(probabilities, count: classes) == winner, "seed \(seed)")
    #expect(abs(scores.reduce(0, +) - 1) < 1e-9, "seed \(seed)")
  }

  @Test func partialSelectionFindsTheSmallest() {
    for seed in 0..<100 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      let values = (0..<(1 + random.below(200))).map { _ in Double(random.below(20)) }
      let wanted = random.below(values.count + 5)
      var selection = SmallestValues()
      for (place, value) in values.enumerated() { selection.add(value, at: place) }
      let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }.prefix(wanted).sorted()
      #expect(selection.smallest(wanted).map { Int($0) } == expected, "seed \(seed)")
    }
  }
}
