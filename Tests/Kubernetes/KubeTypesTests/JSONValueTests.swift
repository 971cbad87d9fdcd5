import Basics
import Foundation
import KubeTypes
import TestSupport
import Testing

@Suite struct `A JSON value` {
  private func read(_ text: String) throws -> JSONValue { try JSON.decode(JSONValue.self, from: Data(text.utf8)) }

  @Test(
    arguments: [
      ("0", JSONValue.int(0)), ("-7", .int(-7)), ("9223372036854775807", .int(.max)),
      ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
      ("1.5", .double(1.5)), ("1e-3", .double(0.001)), ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
      (#""1""#, "1"), (#""\u00fc\n""#, "ü\n"), ("[]", []), ("{}", [:]), ("[1,[null]]", [1, [nil]]),
      (#"{"a":{"b":[true,"x",2.5]}}"#, ["a": ["b": [true, "x", 2.5]]]), (#"{"":1}"#, ["": 1]),
    ] as [(String, JSONValue)])
  func `keeps what the text says`(text: String, expected: JSONValue) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: ["", "{", "[1,]x", "nul", "{\"a\"}", "01x"])
  func `is not read from what is no JSON`(text: String) {
    #expect(throws: DecodingError.self) { try read(text) }
  }

  @Test func `writes integers as integers and keys in order`() throws {
    let value: JSONValue = ["b": 1, "a": .int(.max), "c": ["z/": 0.5, "y": nil]]
    #expect(
      String(decoding: try JSON.encode(value), as: UTF8.self)
        == #"{"a":9223372036854775807,"b":1,"c":{"y":null,"z/":0.5}}"#)
  }

  @Test func `is read as it was written`() throws {
    var random = SplitMix64.announced("JSON trees")
    for _ in 0..<1000 {
      let tree = random.tree(depth: 4, nulls: true)
      #expect(try JSON.decode(JSONValue.self, from: JSON.encode(tree)) == tree)
    }
  }

  @Test func `gives its content by kind`() {
    #expect(JSONValue.int(3).doubleValue == 3)
    #expect(JSONValue.double(3).intValue == 3)
    #expect(JSONValue.double(3.5).intValue == nil)
    #expect(JSONValue.double(1e300).intValue == nil)
    #expect(JSONValue.string("3").intValue == nil)
    #expect(JSONValue.bool(true).intValue == nil)
    #expect(JSONValue.null.stringValue == nil)
  }

  @Test(
    arguments: [
      (["a"], JSONValue.int(1), JSONValue.object(["a": 1, "b": ["c": 2]])),
      (["b", "c"], .int(3), ["b": ["c": 3]]), (["b", "d", "e"], "x", ["b": ["c": 2, "d": ["e": "x"]]]),
      (["x", "y"], true, ["b": ["c": 2], "x": ["y": true]]), ([], "all", "all"),
      (["b", "c", "deeper"], 1, ["b": ["c": ["deeper": 1]]]),
    ] as [([String], JSONValue, JSONValue)])
  func `is set at a path`(path: [String], value: JSONValue, expected: JSONValue) {
    var tree: JSONValue = ["b": ["c": 2]]
    tree[path: path] = value
    #expect(tree == expected)
    #expect(tree[path: path] == value)
  }

  @Test(
    arguments: [
      (["b", "c"], JSONValue.object(["b": [:]])), (["b"], [:]), (["x", "y"], ["b": ["c": 2]]),
      (["b", "c", "deeper"], ["b": ["c": 2]]),
    ] as [([String], JSONValue)])
  func `loses what is set to nothing, and makes nothing on the way`(path: [String], expected: JSONValue) {
    var tree: JSONValue = ["b": ["c": 2]]
    tree[path: path] = nil
    #expect(tree == expected)
  }

  @Test func `has nothing at a path that leads through a scalar`() {
    let tree: JSONValue = ["a": 1]
    #expect(tree[path: ["a", "b"]] == nil)
    #expect(tree[path: []] == tree)
  }
}

@Suite struct `A merge patch` {
  /// The examples of RFC 7386, appendix A.
  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"), (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
    (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
    ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func `is applied as its standard says`(target: String, patch: String, expected: String) throws {
    func read(_ text: String) throws -> JSONValue { try JSON.decode(JSONValue.self, from: Data(text.utf8)) }
    #expect(try read(target).merging(read(patch)) == read(expected))
  }

  @Test func `of two trees turns the one into the other`() {
    var random = SplitMix64.announced("merge patches")
    for _ in 0..<3000 {
      let old = random.object(depth: 4, nulls: false)
      let new = random.object(depth: 4, nulls: false)
      #expect(JSONValue.mergePatch(from: old, to: old) == nil)
      if let patch = JSONValue.mergePatch(from: old, to: new) {
        #expect(old != new)
        #expect(old.merging(patch) == new)
      } else {
        #expect(old == new)
      }
    }
  }

  @Test func `holds what changed and nothing else`() {
    let old: JSONValue = ["same": ["x": 1], "list": [1, 2], "gone": true, "deep": ["a": 1, "b": 2]]
    let new: JSONValue = ["same": ["x": 1], "list": [1], "new": ["y": 1], "deep": ["a": 1, "b": 3]]
    #expect(
      JSONValue.mergePatch(from: old, to: new) == [
        "list": [1], "gone": nil, "new": ["y": 1], "deep": ["b": 3],
      ])
  }
}
