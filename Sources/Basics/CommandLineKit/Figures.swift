import Foundation

/// Numbers for people.
package enum Figures {
  /// `value` with `digits` behind the point.
  package static func fixed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

  /// Four digits; a dash where there is no number.
  package static func metric(_ value: Double?) -> String { value.map { fixed($0, digits: 4) } ?? "-" }

  /// 0.31 s, 12.3 s, 4m05s, 2h07m.
  package static func duration(_ seconds: Double) -> String {
    if seconds < 10 { return fixed(seconds, digits: 2) + " s" }
    if seconds < 60 { return fixed(seconds, digits: 1) + " s" }
    return wholeDuration(seconds)
  }

  /// 12 s, 4m05s, 2h07m.
  package static func wholeDuration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return whole < 3600 ? "\(whole / 60)m\(two(whole % 60))s" : "\(whole / 3600)h\(two(whole / 60 % 60))m"
  }
}
