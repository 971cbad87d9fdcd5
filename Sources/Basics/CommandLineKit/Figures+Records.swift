import Foundation

extension Figures {
  /// How long ago something was, as kubectl's AGE column has it (HumanDuration of k8s.io/apimachinery/pkg/util/duration):
  /// 34s, 2m10s, 45m, 3h20m, 30h, 3d4h, 90d, 2y40d.
  package static func age(_ seconds: Double) -> String {
    // A clock that is a little behind that of the server makes no record come from the future.
    let whole = Int(min(max(seconds, 0), 1e11))
    func parts(_ large: Int, _ first: String, _ small: Int, _ second: String) -> String {
      small == 0 ? "\(large)\(first)" : "\(large)\(first)\(small)\(second)"
    }
    let (minutes, hours) = (whole / 60, whole / 3600)
    if whole < 120 { return "\(whole)s" }
    if minutes < 10 { return parts(minutes, "m", whole % 60, "s") }
    if minutes < 180 { return "\(minutes)m" }
    if hours < 8 { return parts(hours, "h", minutes % 60, "m") }
    if hours < 48 { return "\(hours)h" }
    if hours < 192 { return parts(hours / 24, "d", hours % 24, "h") }
    if hours < 24 * 365 * 2 { return "\(hours / 24)d" }
    return hours < 24 * 365 * 8
      ? parts(hours / 24 / 365, "y", hours / 24 % 365, "d") : "\(hours / 24 / 365)y"
  }

  /// 812 B, 4.5 KiB, 117 MiB.
  package static func bytes(_ count: Int) -> String {
    guard count >= 1024 else { return "\(count) B" }
    var value = Double(count)
    var unit = 0
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    // What would be written as 1024 is one of the next unit.
    while value >= 1023.5, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return "\(fixed(value, digits: value < 9.95 ? 1 : 0)) \(units[unit])"
  }

  /// Six digits that count, without zeros at the end: 5.84333, 0.00012, 1.2e+09.
  package static func short(_ value: Double) -> String { String(format: "%.6g", value) }
}
