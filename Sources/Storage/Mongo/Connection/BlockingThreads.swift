import Basics
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
      return true
    }
    if !hasIdle {
      do { try SystemThread.start { self.serve() } } catch {
        throw MongoError(.transient(code: Int(error.code)), "no thread for MongoDB: \(error)")
      }
    }
    state.withLock { $0.jobs.append(job) }
    wakeUps.signal()
  }

  /// A signal and a job were promised to whoever begins this. No job is held longer than it runs: what it has captured is often
  /// to be let go.
  private func serve() {
    wakeUps.wait()
    repeat { take()?() } while waitForJob()
  }

  private func take() -> (@Sendable () -> Void)? {
    state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }

  /// Waits to be woken; false when nobody did for a while.
  private func waitForJob() -> Bool {
    state.withLock { $0.idle += 1 }
    if wakeUps.wait(timeout: .now() + idleTime) == .success { return true }
    let leaves = state.withLock { state in
      guard state.idle > 0 else { return false }
      state.idle -= 1
      return true
    }
    if leaves { return false }
    // A job was promised to this thread just now; its signal is under way.
    wakeUps.wait()
    return true
  }
}
