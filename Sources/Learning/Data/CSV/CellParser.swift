#if canImport(Glibc)
  import Glibc
#endif

/// What one cell's bytes mean, without making a String.
package enum CellParser {
  /// Empty (or blank), `NA`, and in any case `N/A`, `NaN` and `null` mean that the value is not known.
  package static func isMissing(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let cell = trimmed(bytes)
    switch cell.count {
    case 0: return true
    case 2: return cell[0] == UInt8(ascii: "N") && cell[1] == UInt8(ascii: "A")
    case 3: return equals(cell, "nan") || equals(cell, "n/a")
    case 4: return equals(cell, "null")
    default: return false
    }
  }

  /// `true` and `false` in any case; nil for anything else.
  package static func boolean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    let cell = trimmed(bytes)
    if cell.count == 4, equals(cell, "true") { return true }
    if cell.count == 5, equals(cell, "false") { return false }
    return nil
  }

  /// A finite decimal number with optional sign, fraction and exponent, blanks around it allowed; nil for anything else
  /// (infinities, hexadecimal, thousands separators). Correctly rounded.
  package static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let cell = trimmed(bytes)
    let count = cell.count
    guard count > 0 else { return nil }
    var index = 0
    var negative = false
    if cell[0] == Ascii.minus || cell[0] == Ascii.plus {
      negative = cell[0] == Ascii.minus
      index = 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var scale = 0
    var seenPoint = false
    while index < count {
      let byte = cell[index]
      if byte == Ascii.point {
        if seenPoint { return nil }
        seenPoint = true
      } else {
        let digit = byte &- Ascii.zero
        guard digit <= 9 else { break }
        digits &+= 1
        // 18 digits fit; the slow path below reads longer ones again from the text.
        if digits <= 18 { mantissa = mantissa &* 10 &+ UInt64(digit) }
        if seenPoint { scale &-= 1 }
      }
      index &+= 1
    }
    guard digits > 0 else { return nil }
    if index < count {
      guard cell[index] | 0x20 == UInt8(ascii: "e"), let exponent = exponent(cell, from: index + 1) else { return nil }
      scale &+= exponent
    }
    // Clinger's fast path (1990): both factors are exact in binary, so one rounding gives the nearest double.
    if digits <= 18, mantissa < 1 << 53, scale >= -22, scale <= 22 {
      let value = Double(mantissa)
      let scaled = scale < 0 ? value / powersOfTen[-scale] : value * powersOfTen[scale]
      return negative ? -scaled : scaled
    }
    let value = Double(String(decoding: cell, as: UTF8.self)) ?? .infinity
    return value.isFinite ? value : nil
  }

  private static func exponent(_ cell: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    var negative = false
    if index < cell.count, cell[index] == Ascii.minus || cell[index] == Ascii.plus {
      negative = cell[index] == Ascii.minus
      index += 1
    }
    guard index < cell.count else { return nil }
    var value = 0
    while index < cell.count {
      let digit = cell[index] &- Ascii.zero
      guard digit <= 9 else { return nil }
      // Beyond a few thousand every number is zero or infinite; stop counting before it overflows.
      if value < 100_000 { value = value * 10 + Int(digit) }
      index += 1
    }
    return negative ? -value : value
  }

  /// The cell without spaces and tabs around it.
  package static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] == Ascii.space || bytes[start] == Ascii.tab { start &+= 1 }
    while end > start, bytes[end - 1] == Ascii.space || bytes[end - 1] == Ascii.tab { end &-= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  /// Compares letters without case; `lowercase` holds lower-case letters and other ASCII.
  private static func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ lowercase: StaticString) -> Bool {
    guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count {
      let byte = bytes[index]
      let folded = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
      if folded != lowercase.utf8Start[index] { return false }
    }
    return true
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
