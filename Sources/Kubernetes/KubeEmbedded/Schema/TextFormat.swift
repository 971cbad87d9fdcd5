import Basics
import KubeTypes

/// The string formats the server holds values to; a format it does not know accepts anything.
enum TextFormat {
  static func accepts(_ text: String, format: String) -> Bool {
    switch format {
    case "date-time": Timestamp(text) != nil
    case "date": Timestamp(text + "T00:00:00Z") != nil
    case "byte": isBase64(text)
    case "uuid": isUUID(text)
    case "ipv4": isIPv4(text)
    case "duration": isDuration(text)
    default: true
    }
  }

  private static func isBase64(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count % 4 == 0 else { return false }
    let body = bytes.prefix { $0 != UInt8(ascii: "=") }
    let padding = bytes[body.count...]
    return padding.count <= 2 && padding.allSatisfy { $0 == UInt8(ascii: "=") }
      && body.allSatisfy { byte in
        byte == 43 || byte == 47 || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      }
  }

  private static func isUUID(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }

  private static func isIPv4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Go's duration: `1h30m`, `250ms`.
  private static func isDuration(_ text: String) -> Bool {
    var rest = Substring(text)
    if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
    if rest == "0" { return true }
    guard !rest.isEmpty else { return false }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard Double(digits) != nil else { return false }
      rest = rest.dropFirst(digits.count)
      guard let unit = ["ns", "us", "µs", "ms", "s", "m", "h"].first(where: { rest.hasPrefix($0) }) else {
        return false
      }
      rest = rest.dropFirst(unit.count)
    }
    return true
  }
}
