import Dispatch
import Synchronization

/// Threads for calls that block, which Swift's own few threads must never do. One is made when none is idle, so there are as
/// many as calls at once: who holds a connection bounds that. An idle one ends after a while.
final class BlockingThreads: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    /// Threads that wait and have no job promised.
    var idle = 0
  }
  private let state = Mutex(State())
  private let wakeUps = DispatchSemaphore(value: 0)
  private let idleTime: DispatchTimeInterval

  init(idleTime: DispatchTimeInterval = .seconds(20)) { self.idleTime = idleTime }

  /// Runs `job` soon, on a thread where it may block.
  /// - Throws: where the system has no thread to give.
  func submit(_ job: @escaping @Sendable () -> Void) throws(MongoError) {
    let hasIdle = state.withLock { state in
      guard state.idle > 0 else { return false }
      state.idle -= 1
      state.jobs.append(job)
      return true
    }
    if hasIdle { wakeUps.signal() } else { try SystemThread.start { self.serve(job) } }
  }

  private func serve(_ first: @Sendable () -> Void) {
    first()
    while let job = next() { job() }
  }

  /// The next job; nil when there was none for a while.
  private func next() -> (@Sendable () -> Void)? {
    state.withLock { $0.idle += 1 }
    if wakeUps.wait(timeout: .now() + idleTime) == .timedOut {
      let leaves = state.withLock { state in
        if state.idle > 0 { state.idle -= 1 } else { return false }
        return true
      }
      if leaves { return nil }
      // A job was promised to this thread just now; its signal is under way.
      wakeUps.wait()
    }
    return state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }
}
