import Foundation
import Synchronization
import Testing

@testable import Learning

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 5]) func everyPartRunsOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    for parts in [0, 1, 2, 7, 100] {
      let counts = Mutex([Int](repeating: 0, count: parts))
      pool.run(parts) { part in counts.withLock { $0[part] += 1 } }
      #expect(counts.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test func nestedRegionsComputeAlone() {
    let pool = ThreadPool(threads: 2)
    let total = Mutex(0)
    pool.run(4) { _ in pool.run(4) { part in total.withLock { $0 += part } } }
    #expect(total.withLock { $0 } == 24)
  }
}
