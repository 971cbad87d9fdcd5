import Basics
import Foundation

/// The seed to replay, from the environment.
package let environmentSeed = ProcessInfo.processInfo.environment["TENSORFLEET_SEED"]

/// Runs `body` for each of `count` seeds. A failing test prints its seed; `TENSORFLEET_SEED` replays one.
package func forEachSeed(_ count: Int, _ name: String = #function, _ body: (UInt64) throws -> Void) throws {
  if let text = environmentSeed, let seed = UInt64(text) {
    try body(seed)
    return
  }
  var random = SplitMix64()
  let first = random.next() >> 16
  print("\(name): seeds \(first)..<\(first + UInt64(count))")
  for seed in first..<first + UInt64(count) { try body(seed) }
}

/// A seed that is printed; `TENSORFLEET_SEED` replays one.
package func announcedSeed(_ test: String) -> UInt64 {
  let seed = environmentSeed.flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
  print("\(test): TENSORFLEET_SEED=\(seed)")
  return seed
}

extension SplitMix64 {
  /// A generator of an announced seed.
  package static func announced(_ test: String) -> SplitMix64 { SplitMix64(seed: announcedSeed(test)) }
}
