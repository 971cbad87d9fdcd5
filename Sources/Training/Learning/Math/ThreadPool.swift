import CKernels
import Foundation
import Synchronization

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
/// Regions follow each other within microseconds while a network trains, and waking a sleeping thread takes as long as a
/// small one: so a thread that has nothing to do looks for work for a while before it sleeps.
///
/// `@unchecked Sendable`: every variable that is no atomic is read and written under `condition`. `body` is called
/// outside it, by several threads at once: that is the contract of `ThreadPool.run`.
private final class Crew: @unchecked Sendable {
  private let condition = NSCondition()
  private var body: ((Int) -> Void)?
  private var next = 0
  private var parts = 0
  /// Parts that were taken and are not done.
  private var open = 0
  private var stopped = false
  /// Regions opened so far, for those who look without the lock.
  private let opened = Atomic(0)
  /// Regions whose last part is done.
  private let closed = Atomic(0)

  /// How often to look before sleeping: some 30 µs.
  private static let looks = 1500

  /// The caller's share of a region: it opens it, helps, and waits for the last part.
  func work(_ parts: Int, _ body: @escaping (Int) -> Void) {
    condition.withLock {
      self.body = body
      self.parts = parts
      next = 0
      let region = opened.wrappingAdd(1, ordering: .releasing).newValue
      condition.broadcast()
      while next < parts { takeOne(body) }
      if open > 0 { look { closed.load(ordering: .acquiring) == region } }
      while open > 0 { condition.wait() }
      self.body = nil
    }
  }

  /// A helper's life.
  func serve() {
    condition.withLock {
      while !stopped {
        if let body, next < parts {
          takeOne(body)
        } else {
          let seen = opened.load(ordering: .relaxed)
          look { opened.load(ordering: .acquiring) != seen }
          if !stopped, body == nil || next >= parts { condition.wait() }
        }
      }
    }
  }

  func stop() {
    condition.withLock {
      stopped = true
      condition.broadcast()
    }
  }

  /// Releases the lock until `found` or until it took too long.
  private func look(_ found: () -> Bool) {
    condition.unlock()
    var left = Self.looks
    while left > 0, !found() {
      ck_pause()
      left -= 1
    }
    condition.lock()
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
    if open == 0, next >= parts {
      closed.store(opened.load(ordering: .relaxed), ordering: .releasing)
      condition.broadcast()
    }
  }
}
