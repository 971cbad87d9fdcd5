import Basics
import KubeTypes

/// The name a person knows a model by: `RandomForest_95.2%_Dec16`.
package enum ModelNaming {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// - Parameters:
  ///   - accuracy: 0 to 1; left out of the name where it is nil or no number.
  ///   - time: the day, in UTC, when the model was made.
  package static func displayName(algorithm: String, accuracy: Double?, time: Timestamp) -> String {
    // RFC 3339: 2026-12-16T…
    let date = time.description.prefix(10).split(separator: "-")
    guard date.count == 3, let month = Int(date[1]), (1...12).contains(month) else { return algorithm }
    let share = accuracy.flatMap { DecimalText.text($0 * 100, digits: 1) }.map { "_\($0)%" } ?? ""
    return "\(algorithm)\(share)_\(months[month - 1])\(date[2])"
  }
}
