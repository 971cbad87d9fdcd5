import Foundation

/// Tells a thread that nobody waits for it any more.
///
/// `@unchecked Sendable`: its variable is only touched under the condition's lock.
final class Cancellation: @unchecked Sendable {
  private let condition = NSCondition()
  private var isRequested = false

  func request() {
    condition.withLock {
      isRequested = true
      condition.broadcast()
    }
  }

  var isCancelled: Bool { condition.withLock { isRequested } }

  /// - Throws: `cancelled`.
  func check() throws(SourceError) {
    if isCancelled { throw .cancelled }
  }

  /// Waits; at once no longer when cancelled.
  /// - Throws: `cancelled`.
  func sleep(seconds: Double) throws(SourceError) {
    let end = Date(timeIntervalSinceNow: seconds)
    let isCancelled = condition.withLock {
      while !isRequested, condition.wait(until: end) {}
      return isRequested
    }
    if isCancelled { throw .cancelled }
  }
}
