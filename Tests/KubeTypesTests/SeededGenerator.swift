import Foundation
import KubeTypes

/// Random numbers of a printed seed (SplitMix64): set TEST_SEED to see a failure again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  /// A generator whose seed is printed.
  static func announced(_ test: String) -> SeededGenerator {
    let seed = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
    print("\(test): TEST_SEED=\(seed)")
    return SeededGenerator(seed: seed)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A JSON tree; keys come from a small set, so that two trees share many.
  mutating func tree(depth: Int, nulls: Bool) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 9), using: &self) {
    case 0: .bool(.random(using: &self))
    case 1: .int(.random(in: -3...3, using: &self))
    case 2: .double(Double(Int.random(in: 0...9, using: &self)) + 0.5)
    case 3: .string(["", "a", "ü\n\"", "null"].randomElement(using: &self) ?? "")
    case 4: nulls ? .null : .int(.random(in: Int64.min...Int64.max, using: &self))
    case 5, 6: .array((0..<Int.random(in: 0...3, using: &self)).map { _ in tree(depth: depth - 1, nulls: nulls) })
    default: object(depth: depth, nulls: nulls)
    }
  }

  mutating func object(depth: Int, nulls: Bool) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for key in ["a", "b", "c", "d/e", ""] where Bool.random(using: &self) {
      members[key] = tree(depth: depth - 1, nulls: nulls)
    }
    return .object(members)
  }
}
