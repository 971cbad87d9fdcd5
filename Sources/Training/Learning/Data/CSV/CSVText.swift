/// Text of cells, and cells of text.
package enum CSVText {
  /// The bytes that `bytes` stand for once doubled quotes are single again.
  static func undoubled(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      result.append(bytes[index])
      let isDoubled = bytes[index] == Ascii.quote && index + 1 < bytes.count && bytes[index + 1] == Ascii.quote
      index += isDoubled ? 2 : 1
    }
    return result
  }

  /// `text` as a cell of a CSV file, quoted where RFC 4180 asks for it.
  package static func escaped(_ text: String) -> String {
    let special: Set<UInt8> = [Ascii.comma, Ascii.quote, Ascii.newline, Ascii.carriageReturn]
    guard text.utf8.contains(where: special.contains) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

/// The few bytes the readers look for.
package enum Ascii {
  package static let newline = UInt8(ascii: "\n")
  package static let carriageReturn = UInt8(ascii: "\r")
  package static let comma = UInt8(ascii: ",")
  package static let quote = UInt8(ascii: "\"")
  package static let space = UInt8(ascii: " ")
  package static let tab = UInt8(ascii: "\t")
  package static let zero = UInt8(ascii: "0")
  package static let minus = UInt8(ascii: "-")
  package static let plus = UInt8(ascii: "+")
  package static let point = UInt8(ascii: ".")
}
