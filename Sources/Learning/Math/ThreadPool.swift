import Foundation

/// The threads that compute for this process: as many as its CPU limit allows, the caller's among them.
///
/// One region of work runs at a time; whoever asks while another runs, a part of that work included, computes alone on
/// its own thread. So nested and concurrent regions never use more threads than there are CPUs.
package final class ThreadPool: Sendable {
  /// The pool of the process.
  package static let shared = ThreadPool(threads: CPULimit.current())

  /// Threads a region uses at most, the caller's included.
  package let threads: Int

  private let region = NSLock()
  private let crew = Crew()

  package init(threads: Int) {
    self.threads = max(1, threads)
    for _ in 1..<self.threads {
      let thread = Thread { [crew] in crew.serve() }
      thread.name = "learning"
      thread.start()
    }
  }

  deinit { crew.stop() }

  /// Calls `body` once for each of 0..<`parts`, on several threads at once, and returns when all calls did. Which thread
  /// takes which part is not fixed: results must not depend on it.
  package func run(_ parts: Int, _ body: (Int) -> Void) {
    guard threads > 1, parts > 1, region.try() else {
      for part in 0..<max(0, parts) { body(part) }
      return
    }
    defer { region.unlock() }
    withoutActuallyEscaping(body) { crew.work(parts, $0) }
  }
}

/// The helping threads' shared state.
///
/// `@unchecked Sendable`: every variable is read and written under `condition`. `body` is called outside it, by several
/// threads at once: that is the contract of `ThreadPool.run`.
private final class Crew: @unchecked Sendable {
  private let condition = NSCondition()
  private var body: ((Int) -> Void)?
  private var next = 0
  private var parts = 0
  /// Parts that were taken and are not done.
  private var open = 0
  private var stopped = false

  /// The caller's share of a region: it opens it, helps, and waits for the last part.
  func work(_ parts: Int, _ body: @escaping (Int) -> Void) {
    condition.withLock {
      self.body = body
      self.parts = parts
      next = 0
      condition.broadcast()
      while next < parts { takeOne(body) }
      while open > 0 { condition.wait() }
      self.body = nil
    }
  }

  /// A helper's life.
  func serve() {
    condition.withLock {
      while !stopped {
        if let body, next < parts { takeOne(body) } else { condition.wait() }
      }
    }
  }

  func stop() {
    condition.withLock {
      stopped = true
      condition.broadcast()
    }
  }

  /// Computes the next part with the lock released. Called with the lock held.
  private func takeOne(_ body: (Int) -> Void) {
    let part = next
    next += 1
    open += 1
    condition.unlock()
    body(part)
    condition.lock()
    open -= 1
    if open == 0, next >= parts { condition.broadcast() }
  }
}
