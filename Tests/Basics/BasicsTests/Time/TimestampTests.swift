import Foundation
import TestSupport
import Testing

@testable import Basics

@Suite struct `A timestamp` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0.0), ("1970-01-02T00:00:00Z", 86_400), ("1969-12-31T23:59:59Z", -1),
    ("2026-11-21T09:30:15Z", 1_795_253_415), ("2024-02-29T12:00:00Z", 1_709_208_000),
    ("2000-02-29T00:00:00Z", 951_782_400), ("1970-01-01t00:00:01z", 1), ("1970-01-01T01:00:00+01:00", 0),
    ("1969-12-31T18:30:00-05:30", 0), ("1970-01-01T00:00:00.5Z", 0.5), ("1970-01-01T00:00:01.123456789Z", 1.123456789),
    ("1970-01-01T00:00:00.25+00:00", 0.25), ("2016-12-31T23:59:60Z", 1_483_228_800),
    ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
  ])
  func `is read from RFC 3339`(text: String, expected: Double) throws {
    #expect(abs(try #require(Timestamp(text)).secondsSince1970 - expected) < 1e-6)
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T09:30:15", "2026-11-21 09:30:15Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-00T00:00:00Z", "2026-11-21T24:00:00Z",
    "2026-11-21T09:60:00Z", "2026-11-21T09:30:61Z", "2026-11-21T09:30:15.Z", "2026-11-21T09:30:15.5",
    "2026-11-21T09:30:15Zx", "2026-11-21T09:30:15+01", "2026-11-21T09:30:15+0100", "2026-11-21T09:30:15+24:00",
    "2026-11-21T09:30:15+01:60", "+026-11-21T09:30:15Z", "2026-11-21T09:30:15é", "２０２６-11-21T09:30:15Z", "now",
    "2026/11/21T09:30:15Z", "2026-11-21T09-30-15Z", "2026-11-21T09:30:1éZ",
  ])
  func `is not read from anything else`(text: String) throws {
    #expect(Timestamp(text) == nil)
    #expect(throws: DecodingError.self) { try JSON.decode([Timestamp].self, from: JSON.encode([text])) }
  }

  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
    (1.75, "1970-01-01T00:00:01Z", "1970-01-01T00:00:01.750000Z"),
    (-0.25, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.750000Z"),
    (59.999_999_9, "1970-01-01T00:01:00Z", "1970-01-01T00:01:00.000000Z"),
    (-86_400, "1969-12-31T00:00:00Z", "1969-12-31T00:00:00.000000Z"),
    (951_782_399, "2000-02-28T23:59:59Z", "2000-02-28T23:59:59.000000Z"),
    (-62_135_596_800, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
  ])
  func `is written in whole seconds, or in microseconds`(seconds: Double, whole: String, micro: String) throws {
    let time = Timestamp(secondsSince1970: seconds)
    #expect(time.description == whole)
    #expect(try JSON.encode([time]) == Data("[\"\(whole)\"]".utf8))
    #expect(try JSON.encode([MicroTimestamp(time)]) == Data("[\"\(micro)\"]".utf8))
  }

  @Test func `is read as it was written`() throws {
    var random = SplitMix64.announced("times")
    for _ in 0..<5000 {
      let seconds = Double(Int.random(in: -62_135_596_800...253_402_300_799, using: &random))
      let time = Timestamp(secondsSince1970: seconds)
      #expect(Timestamp(time.description) == time)
      // Within the precision of a double: microseconds of this century and the last.
      let micros = Timestamp(secondsSince1970: Double(Int.random(in: 0...4_000_000_000_000_000, using: &random)) / 1e6)
      let back = try JSON.decode([MicroTimestamp].self, from: JSON.encode([MicroTimestamp(micros)]))
      #expect(abs(back[0].time.seconds(since: micros)) < 1e-6)
      #expect(try JSON.encode(back) == JSON.encode([MicroTimestamp(micros)]))
    }
  }

  @Test func `agrees with Foundation on the calendar`() throws {
    var random = SplitMix64.announced("calendar")
    let style = Date.ISO8601FormatStyle()
    for _ in 0..<500 {
      let date = Date(timeIntervalSince1970: Double(Int.random(in: -4_000_000_000...9_000_000_000, using: &random)))
      #expect(Timestamp(date).description == date.formatted(style))
    }
  }

  @Test func `is ordered, and counts seconds`() {
    let early = Timestamp(secondsSince1970: 10)
    let late = early.adding(seconds: 2.5)
    #expect(early < late)
    #expect(late.seconds(since: early) == 2.5)
  }
}
