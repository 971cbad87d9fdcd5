#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A point in time as Kubernetes writes it (`metav1.Time`): RFC 3339, UTC, whole seconds.
///
/// Fractions are read and kept to the microsecond, but written only by ``MicroTimestamp``.
public struct Timestamp: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z.
  public var secondsSince1970: Double

  public init(secondsSince1970: Double) { self.secondsSince1970 = secondsSince1970 }
  public init(_ date: Date) { secondsSince1970 = date.timeIntervalSince1970 }

  /// Reads RFC 3339 with or without a fraction; nil where the text is no such time.
  public init?(_ text: String) {
    guard let seconds = RFC3339.parse(text) else { return nil }
    secondsSince1970 = seconds
  }

  public static var now: Timestamp { Timestamp(Date()) }
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.secondsSince1970 < right.secondsSince1970
  }

  /// The time `seconds` later.
  public func adding(seconds: Double) -> Timestamp { Timestamp(secondsSince1970: secondsSince1970 + seconds) }
  /// Seconds from `other` to this time.
  public func seconds(since other: Timestamp) -> Double { secondsSince1970 - other.secondsSince1970 }

  public var description: String { RFC3339.format(secondsSince1970, fraction: false) }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let time = Timestamp(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is not an RFC 3339 time"))
    }
    self = time
  }

  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(description)
  }
}

/// `metav1.MicroTime`: as ``Timestamp``, written with six digits of fraction (leases and events carry it).
public struct MicroTimestamp: Sendable, Hashable, Codable {
  public var time: Timestamp
  public init(_ time: Timestamp) { self.time = time }

  public init(from decoder: any Decoder) throws { time = try Timestamp(from: decoder) }
  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(RFC3339.format(time.secondsSince1970, fraction: true))
  }
}

/// RFC 3339 by hand: a formatter object for each of the thousands of times in a watch is what would cost most there.
enum RFC3339 {
  /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible
  /// low-level date algorithms", days_from_civil).
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The inverse of ``days(year:month:day:)`` (civil_from_days).
  static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex + (monthIndex < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
  }

  static func parse(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte - 48)
      }
      return value
    }
    guard bytes[4] == 45, bytes[7] == 45, bytes[10] == 84 || bytes[10] == 116, bytes[13] == 58, bytes[16] == 58,
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month), (1...31).contains(day),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = 19
    var fraction = 0.0
    if bytes[index] == 46 {
      var scale = 0.1
      index += 1
      guard index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 else { return nil }
      while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 {
        fraction += Double(bytes[index] - 48) * scale
        scale /= 10
        index += 1
      }
    }
    guard index < bytes.count else { return nil }
    var offset = 0
    switch bytes[index] {
    case 90, 122:
      guard index == bytes.count - 1 else { return nil }
    case 43, 45:
      guard bytes.count == index + 6, bytes[index + 3] == 58, let hours = number(index + 1..<index + 3),
        let minutes = number(index + 4..<index + 6), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (bytes[index] == 43 ? 60 : -60)
    default: return nil
    }
    let dayCount = days(year: year, month: month, day: day)
    // The 31st of a month that has none would count as a day of the next.
    guard civil(days: dayCount).day == day else { return nil }
    let seconds = dayCount * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Double(seconds) + fraction
  }

  static func format(_ secondsSince1970: Double, fraction: Bool) -> String {
    var whole = Int(secondsSince1970.rounded(.down))
    var micros = Int(((secondsSince1970 - Double(whole)) * 1_000_000).rounded())
    if micros == 1_000_000 {
      micros = 0
      whole += 1
    }
    let dayCount = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
    let rest = whole - dayCount * 86_400
    let date = civil(days: dayCount)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    let clock = "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
    return fraction ? "\(day)T\(clock).\(padded(micros, 6))Z" : "\(day)T\(clock)Z"
  }
}
