import Basics
import Foundation
import KubeTypes
import Testing

@testable import KubeEmbedded

/// The server's own reader and writer of JSON, and the patches that work on its trees.
@Suite struct JSONTests {
  private static func random(_ depth: Int, _ generator: inout Seeded) -> JSONValue {
    let texts = ["", "a", "ü€😀", "quote\"back\\slash", "line\nbreak\t\u{1}", "a/b~c"]
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .int(Int64.random(in: -1_000_000...1_000_000, using: &generator))
    case 3: return .int([Int64.min, .max, 0, 1 << 53].randomElement(using: &generator) ?? 0)
    case 4: return .double(Double.random(in: -1...1, using: &generator))
    case 5: return .string(texts.randomElement(using: &generator) ?? "")
    case 6: return .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in random(depth - 1, &generator) })
    default:
      var members: [String: JSONValue] = [:]
      for text in texts where Bool.random(using: &generator) { members[text] = .some(random(depth - 1, &generator)) }
      return .object(members)
    }
  }

  @Test(arguments: 0..<200) func whatIsWrittenIsReadBackByUsAndByFoundation(_ seed: Int) throws {
    var generator = Seeded(UInt64(seed))
    let value = Self.random(4, &generator)
    let bytes = JSONWriter.data(value)
    #expect(try JSONParser.parse(bytes) == value, "seed \(seed)")
    let theirs = try JSONEncoder().encode([value])
    #expect(try JSONParser.parse(theirs) == .array([value]), "seed \(seed)")
    #expect(try JSON.decode([JSONValue].self, from: JSONWriter.data([value])) == [value], "seed \(seed)")
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "tru", "01x", "\"open", "\"\\x\"", "[1] 2", "{a:1}", "\"\u{1}\"", "-",
    "1e",
    String(repeating: "[", count: 100_000),
  ])
  func brokenTextIsRefused(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test func surrogatePairsAreOneCharacter() throws {
    #expect(try JSONParser.parse(Array(#""\ud83d\ude00 \u00e4 \ud83d""#.utf8)) == "😀 ä \u{FFFD}")
  }

  /// The examples of RFC 7386, appendix A.
  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
    (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#), (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func mergePatchesFollowTheRFC(_ target: String, _ patch: String, _ result: String) throws {
    let merged = try MergePatch.apply(JSONParser.parse(Array(patch.utf8)), to: JSONParser.parse(Array(target.utf8)))
    #expect(JSONWriter.text(merged) == result)
  }
}
