import Basics
import KubeTypes
import Synchronization

/// Remembers when each object's progress was last written. Only in memory: after a restart one write comes early.
final class ProgressThrottle: Sendable {
  private let interval: Duration
  private let clock: any RuntimeClock
  private let last = Mutex<[ObjectKey: Duration]>([:])

  init(interval: Duration, clock: any RuntimeClock) {
    self.interval = interval
    self.clock = clock
  }

  /// How long the next write of progress has to wait; nil where it may be made now.
  func wait(for key: ObjectKey) -> Duration? {
    guard let time = last.withLock({ $0[key] }) else { return nil }
    let rest = interval - (clock.now - time)
    return rest > .zero ? rest : nil
  }

  func wrote(_ key: ObjectKey) { last.withLock { $0[key] = clock.now } }
  func forget(_ key: ObjectKey) { last.withLock { $0[key] = nil } }
}
