import Basics
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Mongo

@Suite struct ThreadsTests {
  private final class Counter: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var now: Int { state.withLock { $0.now } }
    var most: Int { state.withLock { $0.most } }

    func add(_ amount: Int) {
      state.withLock {
        $0.now += amount
        $0.most = max($0.most, $0.now)
      }
    }
  }

  @Test func everyJobRunsOnceAndIdleThreadsAreUsedAgain() async throws {
    let threads = BlockingThreads(idleTime: .milliseconds(20))
    let done = Counter()
    for round in 0..<50 {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            let reply = Promise<Void>()
            do {
              try threads.submit {
                done.add(1)
                reply.settle(())
              }
            } catch { Issue.record("\(error)") }
            await reply.value
          }
        }
      }
      // Now and then the threads are let go.
      if round % 10 == 0 { try await Task.sleep(for: .milliseconds(30)) }
    }
    #expect(done.now == 400)
  }

  @Test func theFirstValueCounts() async {
    let reply = Promise<Int>()
    #expect(reply.settle(1))
    #expect(!reply.settle(2))
    #expect(await reply.value == 1)
    #expect(!reply.settle(3))
  }

  @Test func noMoreHoldAPermitThanThereAre() async {
    let permits = Permits(3)
    let held = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<60 {
        group.addTask {
          do { try await permits.acquire(within: .seconds(30)) } catch { Issue.record("\(error)") }
          held.add(1)
          await Task.yield()
          held.add(-1)
          permits.release()
        }
      }
    }
    #expect(held.most <= 3)
  }

  @Test func whoeverGivesUpTakesNoPermitAway() async throws {
    let permits = Permits(1)
    try await permits.acquire(within: .seconds(1))
    let impatient = Task { try await permits.acquire(within: .milliseconds(10)) }
    guard case .failure(let error) = await impatient.result, (error as? MongoError)?.kind == .timeout else {
      Issue.record("a permit that nobody released was taken")
      return
    }
    let cancelled = Task { try await permits.acquire(within: .seconds(30)) }
    cancelled.cancel()
    guard case .failure(let error) = await cancelled.result, (error as? MongoError)?.kind == .cancelled else {
      Issue.record("a cancelled task got a permit")
      return
    }
    permits.release()
    try await permits.acquire(within: .seconds(1))
  }
}
