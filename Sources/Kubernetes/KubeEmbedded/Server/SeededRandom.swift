import Basics

/// Random numbers that a seed repeats (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A version 4 UUID in lower case.
  mutating func uuid() -> String {
    let high = (next() & ~0xF000) | 0x4000
    let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    let digits = Self.hex(high) + Self.hex(low)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position == 8 || position == 12 || position == 16 || position == 20 { text.append("-") }
      text.append(digit)
    }
    return text
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The five characters that follow a `generateName`: no vowels, so that no words arise (apimachinery's util/rand).
  mutating func nameSuffix() -> String {
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    return String((0..<5).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] })
  }
}
