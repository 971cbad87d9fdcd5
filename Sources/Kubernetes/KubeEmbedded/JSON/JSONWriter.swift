import Basics
import KubeTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes JSON without a detour through `Codable`; members sorted by name, so that equal values are equal bytes.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  static func data(_ value: JSONValue) -> Data {
    var writer = JSONWriter()
    writer.bytes.reserveCapacity(1024)
    writer.write(value)
    return Data(writer.bytes)
  }

  static func text(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.write(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .int(let value): put(String(value))
    case .double(let value): put(value.isFinite ? Self.number(value) : "null")
    case .string(let value): write(string: value)
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (position, item) in items.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        write(item)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (position, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        write(string: member.key)
        bytes.append(UInt8(ascii: ":"))
        write(member.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// A whole double is written without a fraction, as Go does.
  static func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
    return String(value)
  }

  private mutating func write(string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 10: put("\\n")
      case 13: put("\\r")
      case 9: put("\\t")
      case 0..<32:
        let digits = String(byte, radix: 16)
        put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
