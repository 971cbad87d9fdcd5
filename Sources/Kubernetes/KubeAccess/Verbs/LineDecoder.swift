#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Cuts a text that arrives in pieces into lines, without their ends (`\n` or `\r\n`).
struct LineDecoder {
  private var buffer = Data()

  /// Takes a piece, cut anywhere, and returns the lines that are complete with it.
  mutating func take(_ piece: Data) -> [String] {
    var lines: [String] = []
    var rest = piece[...]
    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
      buffer.append(rest[rest.startIndex..<newline])
      rest = rest[(newline + 1)...]
      if buffer.last == UInt8(ascii: "\r") { buffer.removeLast() }
      lines.append(String(decoding: buffer, as: UTF8.self))
      buffer.removeAll(keepingCapacity: true)
    }
    buffer.append(rest)
    return lines
  }

  /// What stands behind the last line's end; nil for nothing.
  mutating func finish() -> String? {
    defer { buffer = Data() }
    return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
  }
}
