import Basics
import KubeTypes
import TestSupport

extension SplitMix64 {
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
