import ArgumentParser
import CommandLineKit
import Foundation

/// A time that people give: how long ago, a date, or a time of RFC 3339.
struct TimeSince: ExpressibleByArgument, Equatable {
  private enum Meaning: Equatable {
    case ago(Double)
    case at(Date)
  }
  private let meaning: Meaning

  init?(argument: String) {
    if argument.last?.isLetter == true, argument.last != "Z", let ago = DurationText.parse(argument) {
      meaning = .ago(ago / .seconds(1))
    } else if let date = Self.date(argument) {
      meaning = .at(date)
    } else {
      return nil
    }
  }

  private static func date(_ text: String) -> Date? {
    if let date = try? Date(text, strategy: .iso8601) { return date }
    if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) { return date }
    return try? Date(text, strategy: Date.ISO8601FormatStyle().year().month().day())
  }

  /// The time itself.
  func date(now: Date) -> Date {
    switch meaning {
    case .ago(let seconds): now.addingTimeInterval(-seconds)
    case .at(let date): date
    }
  }
}
