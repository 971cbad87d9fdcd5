import Basics
import KubeTypes

/// Why a text is no JSON, and at which byte.
struct JSONSyntaxError: Error, CustomStringConvertible {
  var problem: String
  var offset: Int
  var description: String { "\(problem) at byte \(offset)" }
}

/// Reads JSON (RFC 8259) straight into ``JSONValue``: through `Codable` each value would cost several thrown errors.
struct JSONParser {
  private let bytes: [UInt8]
  private var index = 0
  private static let deepest = 256

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads one value that is the whole of `bytes`.
  static func parse(_ bytes: some Sequence<UInt8>) throws(JSONSyntaxError) -> JSONValue {
    var parser = JSONParser(Array(bytes))
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.index == parser.bytes.count else { throw parser.error("text after the value") }
    return value
  }

  private func error(_ problem: String) -> JSONSyntaxError { JSONSyntaxError(problem: problem, offset: index) }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { index += 1 }
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    guard depth < Self.deepest else { throw error("nesting deeper than \(Self.deepest)") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(let byte) where byte == 45 || (byte >= 48 && byte <= 57): return try number()
    case .some: throw error("unexpected character")
    case nil: throw error("unexpected end")
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let utf8 = text.utf8
    guard bytes[index...].starts(with: utf8) else { throw error("unexpected character") }
    index += utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    index += 1
    skipSpace()
    if next == UInt8(ascii: "}") {
      index += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a member name must be a string") }
      let key = try string()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw error("':' expected") }
      index += 1
      members[key] = try value(depth: depth + 1)
      skipSpace()
      switch next {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "}"):
        index += 1
        return .object(members)
      default: throw error("',' or '}' expected")
      }
    }
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    var items: [JSONValue] = []
    index += 1
    skipSpace()
    if next == UInt8(ascii: "]") {
      index += 1
      return .array(items)
    }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      switch next {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "]"):
        index += 1
        return .array(items)
      default: throw error("',' or ']' expected")
      }
    }
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = index
    var whole = true
    while let byte = next {
      if byte == UInt8(ascii: ".") || byte | 32 == UInt8(ascii: "e") {
        whole = false
      } else if !(byte == 45 || byte == 43 || (byte >= 48 && byte <= 57)) {
        break
      }
      index += 1
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if whole, let value = Int64(text) { return .int(value) }
    guard let value = Double(text) else {
      index = start
      throw error("no number")
    }
    return .double(value)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    index += 1
    let start = index
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 32 { index += 1 }
    if next == UInt8(ascii: "\"") {
      index += 1
      return String(decoding: bytes[start..<index - 1], as: UTF8.self)
    }
    var text = Array(bytes[start..<index])
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<32: throw error("a control character inside a string")
      default: text.append(byte)
      }
    }
    throw error("a string without end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = next else { throw error("a string without end") }
    index += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"):
      var code = UInt32(try hex())
      if code & 0xFC00 == 0xD800, index + 1 < bytes.count, next == UInt8(ascii: "\\"),
        bytes[index + 1] == UInt8(ascii: "u")
      {
        let mark = index
        index += 2
        let low = UInt32(try hex())
        if low & 0xFC00 == 0xDC00 {
          code = 0x10000 + ((code & 0x3FF) << 10 | (low & 0x3FF))
        } else {
          index = mark
        }
      }
      let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: throw error("an unknown escape")
    }
  }

  private mutating func hex() throws(JSONSyntaxError) -> UInt16 {
    guard index + 4 <= bytes.count,
      let code = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw error("no four hexadecimal digits") }
    index += 4
    return code
  }
}
