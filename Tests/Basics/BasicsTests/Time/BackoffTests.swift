import TestSupport
import Testing

@testable import Basics

@Suite struct BackoffTests {
  @Test(arguments: [(0, 10), (1, 10), (2, 20), (3, 40), (7, 640), (13, 40_960), (14, 60_000), (1_000_000, 60_000)])
  func `doubles from the first wait up to the cap`(failures: Int, milliseconds: Int) {
    var random = SplitMix64(seed: 1)
    let backoff = Backoff(initial: .milliseconds(10), cap: .seconds(60), jitter: 0)
    #expect(backoff.delay(afterFailures: failures, using: &random) == .milliseconds(milliseconds))
  }

  @Test func `jitter only adds, and at most its share`() {
    var random = SplitMix64(seed: 2)
    let backoff = Backoff(initial: .seconds(1), cap: .seconds(8), jitter: 0.5)
    var waits: Set<Duration> = []
    for _ in 0..<200 {
      let wait = backoff.delay(afterFailures: 9, using: &random)
      #expect(wait >= .seconds(8) && wait <= .seconds(12))
      waits.insert(wait)
    }
    #expect(waits.count > 100)
  }

  @Test func `one seed gives one sequence`() {
    var left = SplitMix64(seed: 7)
    var right = SplitMix64(seed: 7)
    #expect((0..<10).map { _ in left.next() } == (0..<10).map { _ in right.next() })
  }
}
