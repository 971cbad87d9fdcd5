import Testing

@testable import Learning

@Suite struct TrainTestSplitTests {
  @Test(arguments: [(150, 0.2, 30), (10, 0.25, 3), (30, 0.1, 3), (1, 0.5, 0), (2, 0.9, 1), (7, 0, 0)])
  func theTestShareIsRoundedUp(count: Int, fraction: Double, expected: Int) {
    #expect(TrainTestSplit.plain(count: count, testFraction: fraction, seed: 42).test.count == expected)
  }

  @Test(arguments: 0..<40) func everyRowIsOnExactlyOneSide(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let count = 1 + random.below(300)
    let fraction = Double(random.uniform(0, 0.99))
    let labels = (0..<count).map { _ in Int32(random.below(5)) }
    for split in [
      TrainTestSplit.plain(count: count, testFraction: fraction, seed: seed),
      TrainTestSplit.stratified(labels: labels, testFraction: fraction, seed: seed),
    ] {
      #expect((split.train + split.test).sorted() == (0..<Int32(count)).map { $0 }, "seed \(seed)")
      #expect(!split.train.isEmpty, "seed \(seed)")
    }
  }

  @Test func theSeedDecides() {
    let first = TrainTestSplit.plain(count: 100, testFraction: 0.2, seed: 1)
    #expect(first == TrainTestSplit.plain(count: 100, testFraction: 0.2, seed: 1))
    #expect(first != TrainTestSplit.plain(count: 100, testFraction: 0.2, seed: 2))
  }

  @Test func stratifiedSplitsKeepProportions() {
    let labels = (0..<200).map { Int32($0 < 150 ? 0 : 1) }
    let split = TrainTestSplit.stratified(labels: labels, testFraction: 0.2, seed: 3)
    #expect(split.test.filter { labels[Int($0)] == 0 }.count == 30)
    #expect(split.test.filter { labels[Int($0)] == 1 }.count == 10)
  }
}
