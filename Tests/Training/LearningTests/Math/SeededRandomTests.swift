import Basics
import Testing

@testable import Learning

@Suite struct SeededRandomTests {
  @Test func splitMixGivesItsAuthorsNumbers() {
    // The published reference output for state 1234567.
    var mixer = SplitMix64(seed: 1_234_567)
    #expect(mixer.next() == 6_457_827_717_110_365_317)
    #expect(mixer.next() == 3_203_168_211_198_807_973)
  }

  @Test func oneSeedGivesOneSequence() {
    var a = SeededRandom(seed: 7, stream: 3)
    var b = SeededRandom(seed: 7, stream: 3)
    #expect((0..<100).map { _ in a.next() } == (0..<100).map { _ in b.next() })
  }

  @Test func streamsOfOneSeedDiffer() {
    var a = SeededRandom(seed: 7, stream: 0)
    var b = SeededRandom(seed: 7, stream: 1)
    #expect(a.next() != b.next())
  }

  @Test(arguments: [1, 2, 10, 1000]) func permutationsHoldEveryNumberOnce(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    #expect(random.permutation(count).sorted() == (0..<Int32(count)).map { $0 })
  }

  @Test func boundedNumbersAreEven() {
    var random = SeededRandom(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.below(7)] += 1 }
    // Five standard deviations of a binomial with n = 70,000, p = 1/7 are 463.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 463 }, "\(counts)")
  }

  @Test func uniformNumbersStayInRange() {
    var random = SeededRandom(seed: 2)
    let values = (0..<10_000).map { _ in random.uniform(-2, 3) }
    #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
    #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 0.08)
  }
}
