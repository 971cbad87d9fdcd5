import Basics
import CMongoC
import Foundation
import Testing

@testable import Mongo

@Suite struct BSONTests {
  @Test func whatIsWrittenIsReadAgainAndTheDriverTakesIt() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    for round in 0..<2000 {
      let document = RandomBSON.document(&random)
      let bytes = try BSONWriter.bytes(of: document)
      #expect(try BSONReader.document(bytes) == document, "seed \(seed), round \(round)")
      try NativeBSON.with(document) { native throws(MongoError) in
        #expect(
          bson_validate(
            native, bson_validate_flags_t(BSON_VALIDATE_UTF8.rawValue | BSON_VALIDATE_UTF8_ALLOW_NULL.rawValue), nil),
          "seed \(seed), round \(round)")
        #expect(try NativeBSON.document(native) == document)
      }
    }
  }

  /// Whatever a byte is changed to, reading ends with a document or an error.
  @Test func alteredBytesAreReadOrRefusedAndNothingElse() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    var refused = 0
    for _ in 0..<400 {
      let bytes = try BSONWriter.bytes(of: RandomBSON.document(&random))
      for _ in 0..<10 {
        var altered = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          altered[Int.random(in: altered.indices, using: &random)] = .random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) { altered.removeLast(Int.random(in: 0...altered.count, using: &random)) }
        do { _ = try BSONReader.document(altered) } catch {
          #expect(error.kind == .decoding, "seed \(seed)")
          refused += 1
        }
      }
    }
    #expect(refused > 1000, "seed \(seed)")
  }

  @Test(
    arguments: [
      ([], "cut short"), ([5, 0, 0, 0], "cut short"), ([6, 0, 0, 0, 0], "length is wrong"),
      ([5, 0, 0, 0, 1], "does not end"), ([4, 0, 0, 0, 0], "length is wrong"),
      ([8, 0, 0, 0, 8, 97, 98, 0], "name does not end"),
      ([9, 0, 0, 0, 8, 97, 0, 2, 0], "truth value"), ([8, 0, 0, 0, 0x13, 97, 0, 0], "0x13"),
      ([14, 0, 0, 0, 2, 97, 0, 2, 0, 0, 0, 0xFF, 0, 0], "not UTF-8"),
      ([13, 0, 0, 0, 2, 97, 0, 0, 0, 0, 0, 0, 0], "does not end"),
      ([14, 0, 0, 0, 5, 97, 0, 255, 255, 255, 255, 0, 0, 0], "negative"),
    ] as [([UInt8], String)])
  func brokenBytesAreRefusedWithTheReason(_ bytes: [UInt8], _ words: String) {
    do {
      Issue.record("read \(try BSONReader.document(bytes))")
    } catch {
      #expect(error.message.contains(words), "\(error.message)")
    }
  }

  @Test func nestingThatWouldExhaustTheStackIsRefused() {
    var bytes: [UInt8] = [5, 0, 0, 0, 0]
    for _ in 0..<200 {
      let length = UInt32(bytes.count + 8)
      bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [3, 97, 0] + bytes + [0]
    }
    #expect(throws: MongoError.self) { try BSONReader.document(bytes) }
  }

  @Test func aNameWithANULIsRefused() {
    #expect(throws: MongoError.self) { try BSONWriter.bytes(of: ["a\u{0}b": 1]) }
  }

  @Test func aDocumentKeepsItsOrderAndReplacesInPlace() {
    var document: BSONDocument = ["b": 1, "a": 2]
    document["b"] = 3
    document["c"] = 4
    document["a"] = nil
    #expect(document == ["b": 3, "c": 4])
    #expect(document.keys == ["b", "c"])
    #expect(document["a.b"] == nil)
    #expect(document.merging(["c": 5, "d": 6]) == ["b": 3, "c": 5, "d": 6])
  }

  @Test func valuesAreReadAsSwiftsTypes() {
    #expect(BSON.double(3).intValue == 3)
    #expect(BSON.double(3.5).intValue == nil)
    #expect(BSON.int32(-3).intValue == -3)
    #expect(BSON.int64(7).doubleValue == 7)
    #expect(BSON.string("7").intValue == nil)
    let date = Date(timeIntervalSince1970: 1_700_000_000.123)
    #expect(BSON.date(date).dateValue == Date(timeIntervalSince1970: 1_700_000_000.123))
  }

  @Test func extendedJSONIsReadAndWritten() throws {
    let document: BSONDocument = [
      "n": .int32(1), "x": 1.5, "s": "ä", "d": .date(0), "l": [true, nil], "o": ["k": "v"],
    ]
    let json = try document.json()
    #expect(json.contains("\"$date\" : \"1970-01-01T00:00:00Z\""))
    #expect(try BSONDocument(json: json) == document)
    #expect(try BSONDocument(json: #"{"a": {"b": [1, 2.5, "x"]}}"#)["a"]?.documentValue?["b"] == [.int32(1), 2.5, "x"])
    for broken in ["", "{", "[1", "{\"a\":}"] {
      #expect(throws: MongoError.self, "\(broken)") { try BSONDocument(json: broken) }
    }
  }

  @Test func anObjectIDIsItsTimeAndIsLikeNoOther() {
    let id = ObjectID()
    #expect(abs(id.time.timeIntervalSinceNow) < 5)
    #expect(ObjectID(hex: id.hex) == id)
    #expect(ObjectID(bytes: id.bytes) == id)
    #expect(Set((0..<1000).map { _ in ObjectID() }).count == 1000)
    #expect(ObjectID(hex: "6560f5800102030405060708")?.time == Date(timeIntervalSince1970: 1_700_853_120))
    for broken in ["", "6560f58001020304050607", "6560f580010203040506070x", "6560f5800102030405060708ä"] {
      #expect(ObjectID(hex: broken) == nil)
    }
  }
}
