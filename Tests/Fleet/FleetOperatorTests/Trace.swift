import Basics
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What happened in a run, a line an event: requests as they arrive, what watches tell, and what the test did. Two runs of
/// one seed have the same trace, byte for byte.
final class Trace: Sendable {
  private let lines = Mutex<[String]>([])
  private let clock: any RuntimeClock

  init(_ clock: any RuntimeClock) { self.clock = clock }

  func note(_ who: String, _ what: String) {
    let time = clock.now.inNanoseconds / 1000
    lines.withLock { $0.append("\(time) \(who) \(what)") }
  }

  var text: String { lines.withLock { $0.joined(separator: "\n") } + "\n" }
  var count: Int { lines.withLock { $0.count } }

  /// A few characters that differ where the bytes do (FNV-1a): JSON is written with sorted keys on both sides.
  static func digest(_ data: Data?) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in data ?? Data() { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 36)
  }
}
