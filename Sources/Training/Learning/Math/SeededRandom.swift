import Basics

/// The project's own random numbers: xoshiro256** 1.0 (Blackman and Vigna, 2018), seeded through SplitMix64 as its
/// authors advise. Integer arithmetic only, so one seed gives one sequence on every machine and in every release; the
/// standard library promises neither for its shuffles.
package struct SeededRandom: Sendable, Equatable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// - Parameters:
  ///   - seed: what the user chose.
  ///   - stream: separates uses of one seed (split, initial weights, the order of epoch 7) from each other.
  package init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(seed: seed)
    var state = SplitMix64(seed: mixer.next() ^ (stream &* 0xD134_2543_DE82_EF95))
    s0 = state.next()
    s1 = state.next()
    s2 = state.next()
    s3 = state.next()
  }

  /// 64 uniform bits.
  package mutating func next() -> UInt64 {
    let result = Self.rotated(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = Self.rotated(s3, 45)
    return result
  }

  /// A uniform integer in 0..<bound, without bias (Lemire, 2019: multiply and reject).
  package mutating func below(_ bound: Int) -> Int {
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A uniform number in [0, 1) with 24 random bits.
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A uniform number in [low, high).
  package mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * uniform() }

  /// 0..<count in random order (Fisher–Yates from the end).
  package mutating func permutation(_ count: Int) -> [Int32] {
    var order = [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count { buffer[index] = Int32(truncatingIfNeeded: index) }
      filled = count
    }
    shuffle(&order)
    return order
  }

  /// Reorders in place (Fisher–Yates from the end).
  package mutating func shuffle(_ order: inout [Int32]) {
    order.withUnsafeMutableBufferPointer { buffer in
      var last = buffer.count - 1
      while last > 0 {
        let other = below(last + 1)
        let value = buffer[last]
        buffer[last] = buffer[other]
        buffer[other] = value
        last -= 1
      }
    }
  }

  private static func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 { (value << by) | (value >> (64 - by)) }
}
