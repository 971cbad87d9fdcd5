#if canImport(Glibc)
  import Glibc
#endif

/// What one cell's bytes mean, without making a String.
package enum CellParser {
  /// Empty (or blank), `NA`, and in any case `N/A`, `NaN` and `null` mean that the value is not known. (A `NaN` among
  /// numbers is another matter: see `ColumnReader`.)
  package static func isMissing(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.count > 8, bytes[0] > Ascii.space { return false }
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

  /// What other programs write for a value that is no finite number: `nan`, `inf` and `infinity`, signed or not, in any
  /// case, and numbers beyond the range of a double.
  package static func isNotFinite(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var cell = trimmed(bytes)
    if let first = cell.first, first == Ascii.minus || first == Ascii.plus {
      cell = UnsafeBufferPointer(rebasing: cell[1...])
    }
    if equals(cell, "nan") || equals(cell, "inf") || equals(cell, "infinity") { return true }
    return decimal(cell)?.isFinite == false
  }

  /// A finite decimal number with optional sign, fraction and exponent, blanks around it allowed; nil for anything else
  /// (infinities, hexadecimal, thousands separators). Correctly rounded.
  @inline(__always)
  package static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let value = decimal(bytes), value.isFinite else { return nil }
    return value
  }

  /// Like `number`, but infinite where the text is a number too large for a double.
  @inline(__always)
  private static func decimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard var next = bytes.baseAddress else { return nil }
    var end = next + bytes.count
    while next < end, isBlank(next[0]) { next += 1 }
    while end > next, isBlank(end[-1]) { end -= 1 }
    let start = next
    guard next < end else { return nil }
    let negative = next[0] == Ascii.minus
    if negative || next[0] == Ascii.plus { next += 1 }
    var mantissa: UInt64 = 0
    let whole = next
    while next < end {
      let digit = next[0] &- Ascii.zero
      guard digit <= 9 else { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      next += 1
    }
    var digits = next - whole
    var scale = 0
    if next < end, next[0] == Ascii.point {
      next += 1
      let fraction = next
      while next < end {
        let digit = next[0] &- Ascii.zero
        guard digit <= 9 else { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        next += 1
      }
      scale = fraction - next
      digits &-= scale
    }
    guard digits > 0 else { return nil }
    if next < end {
      guard next[0] | 0x20 == UInt8(ascii: "e"), let exponent = exponent(next + 1, end) else { return nil }
      scale &+= exponent
    }
    // Clinger's fast path (1990): both factors are exact in binary, so one rounding gives the nearest double. The
    // mantissa of more than 19 digits has wrapped around; the slow path reads those again from the text.
    if digits <= 19, mantissa < 1 << 53, scale >= -22, scale <= 22 {
      let value = Double(mantissa)
      let scaled = scale < 0 ? value / powersOfTen[-scale] : value * powersOfTen[scale]
      return negative ? -scaled : scaled
    }
    if digits <= 19, let value = DecimalRounding.nearest(mantissa, scale) { return negative ? -value : value }
    return slow(UnsafeBufferPointer(start: start, count: end - start))
  }

  /// The standard library's exact conversion, for what the quick ways leave over.
  @inline(never)
  private static func slow(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
    Double(String(decoding: cell, as: UTF8.self)) ?? .infinity
  }

  private static func exponent(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int? {
    var next = start
    var negative = false
    if next < end, next[0] == Ascii.minus || next[0] == Ascii.plus {
      negative = next[0] == Ascii.minus
      next += 1
    }
    guard next < end else { return nil }
    var value = 0
    while next < end {
      let digit = next[0] &- Ascii.zero
      guard digit <= 9 else { return nil }
      // Beyond a few thousand every number is zero or infinite; stop counting before it overflows.
      if value < 100_000 { value = value * 10 + Int(digit) }
      next += 1
    }
    return negative ? -value : value
  }

  /// The cell without spaces and tabs around it.
  package static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = bytes.count
    while start < end, isBlank(bytes[start]) { start &+= 1 }
    while end > start, isBlank(bytes[end &- 1]) { end &-= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == Ascii.space || byte == Ascii.tab }

  /// Compares letters without case; `lowercase` holds lower-case letters and other ASCII.
  private static func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ lowercase: StaticString) -> Bool {
    guard bytes.count == lowercase.utf8CodeUnitCount else { return false }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let folded = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
      if folded != lowercase.utf8Start[index] { return false }
      index &+= 1
    }
    return true
  }

  /// 10⁰ to 10²², the powers that a double holds exactly.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
