import Basics
import Mongo

/// Documents of every type, with what is awkward among the values.
enum RandomBSON {
  static let texts = ["", "a", "ä€😀", "nul\u{0}inside", "$set", "a.b", "\"\\\n", String(repeating: "long", count: 100)]
  static let keys = ["", "a", "_id", "$set", "a.b", "ключ", "0", "x y"]

  static func document(_ random: inout SplitMix64, depth: Int = 0) -> BSONDocument {
    let count = Int.random(in: 0...6, using: &random)
    return BSONDocument(
      fields: (0..<count).map { index in
        BSONDocument.Field((keys.randomElement(using: &random) ?? "") + String(index), value(&random, depth: depth))
      })
  }

  static func value(_ random: inout SplitMix64, depth: Int) -> BSON {
    switch Int.random(in: depth > 4 ? 2...11 : 0...11, using: &random) {
    case 0: .document(document(&random, depth: depth + 1))
    case 1: .array((0..<Int.random(in: 0...12, using: &random)).map { _ in value(&random, depth: depth + 1) })
    case 2:
      .double([0, -0.0, 1.5, .infinity, -.infinity, .leastNonzeroMagnitude, 1e300].randomElement(using: &random) ?? 0)
    case 3: .string(texts.randomElement(using: &random) ?? "")
    case 4: .binary((0..<Int.random(in: 0...40, using: &random)).map { _ in .random(in: 0...255, using: &random) })
    case 5: .objectID(ObjectID())
    case 6: .bool(.random(using: &random))
    case 7: .date(Int64.random(in: .min ... .max, using: &random))
    case 8: .null
    case 9: .int32([0, -1, .min, .max].randomElement(using: &random) ?? 0)
    case 10: .int64([0, -1, .min, .max].randomElement(using: &random) ?? 0)
    default: .timestamp(.random(in: .min ... .max, using: &random))
    }
  }
}
