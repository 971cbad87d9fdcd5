/// The nearest double to mantissa · 10^exponent, quickly, for most numbers of up to 19 digits.
///
/// The method of Eisel and Lemire (Lemire, "Number parsing at a gigabyte per second", 2021): the mantissa is multiplied
/// with the power of ten's leading 128 bits. Where the product's bits leave open how to round, there is no answer and
/// the caller takes the exact way.
enum DecimalRounding {
  /// Powers of ten in the table: beyond these numbers are rare enough for the exact way.
  private static let smallest = -64
  private static let largest = 64

  /// - Returns: nil where the product does not decide, and for powers outside the table.
  static func nearest(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    guard mantissa != 0 else { return 0 }
    guard exponent >= smallest, exponent <= largest else { return nil }
    let leading = mantissa.leadingZeroBitCount
    let normalised = mantissa << UInt64(leading)
    let power = powers[exponent - smallest]
    var (high, low) = normalised.multipliedFullWidth(by: power.high)
    // The lower half of the power matters only where the bits below the rounding position are all ones.
    if high & 0x1FF == 0x1FF {
      let (carried, overflow) = low.addingReportingOverflow(normalised.multipliedFullWidth(by: power.low).high)
      low = carried
      if overflow { high &+= 1 }
      if low == .max, high & 0x1FF == 0x1FF { return nil }
    }
    let upper = Int(high >> 63)
    var bits = high >> UInt64(upper + 9)
    // Exactly between two doubles as far as these bits tell: only the exact way knows.
    if low == 0, high & 0x1FF == 0, bits & 3 == 1 { return nil }
    bits = (bits &+ (bits & 1)) >> 1
    // ⌊log₂ 10^e⌋ = ⌊e · 217706 / 2¹⁶⌋ in this range.
    var binary = (217_706 * exponent) >> 16 + 1024 + 63
    binary += upper - leading - 1
    if bits == 1 << 53 {
      bits >>= 1
      binary += 1
    }
    return Double(bitPattern: UInt64(binary) << 52 | bits & (1 << 52 - 1))
  }

  private struct Power {
    var high: UInt64
    var low: UInt64
  }

  /// The leading 128 bits of 10^smallest … 10^largest, cut off, the first of them set; 5ⁿ has the same bits.
  private static let powers: [Power] = (smallest...largest).map { exponent in
    exponent >= 0 ? product(exponent) : quotient(-exponent)
  }

  /// 5^n by repeated multiplication in words of 32 bits, lowest first.
  private static func fifth(_ n: Int) -> [UInt64] {
    var words: [UInt64] = [1]
    for _ in 0..<n {
      var carry: UInt64 = 0
      for index in words.indices {
        let product = words[index] * 5 + carry
        words[index] = product & 0xFFFF_FFFF
        carry = product >> 32
      }
      if carry > 0 { words.append(carry) }
    }
    return words
  }

  private static func product(_ n: Int) -> Power {
    let words = fifth(n)
    var high: UInt64 = 0
    var low: UInt64 = 0
    // All bits, highest first, of which the first 128 are kept.
    let top = words.count * 32 - 1 - (words.last.map { $0.leadingZeroBitCount - 32 } ?? 0)
    for step in 0..<128 {
      let place = top - step
      let bit = place >= 0 ? words[place / 32] >> UInt64(place % 32) & 1 : 0
      high = high << 1 | low >> 63
      low = low << 1 | bit
    }
    return Power(high: high, low: low)
  }

  /// The leading bits of 1 / 5^n, cut off, by long division.
  private static func quotient(_ n: Int) -> Power {
    let divisor = fifth(n)
    var rest = [UInt64](repeating: 0, count: divisor.count + 1)
    rest[0] = 1
    var high: UInt64 = 0
    var low: UInt64 = 0
    var kept = 0
    while kept < 128 {
      var carry: UInt64 = 0
      for index in rest.indices {
        let doubled = rest[index] << 1 | carry
        rest[index] = doubled & 0xFFFF_FFFF
        carry = doubled >> 32
      }
      let bit: UInt64 = isAtLeast(rest, divisor) ? 1 : 0
      if bit == 1 { subtract(divisor, from: &rest) }
      if bit == 1 || kept > 0 {
        high = high << 1 | low >> 63
        low = low << 1 | bit
        kept += 1
      }
    }
    return Power(high: high, low: low)
  }

  private static func isAtLeast(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    for index in a.indices.reversed() {
      let other = index < b.count ? b[index] : 0
      if a[index] != other { return a[index] > other }
    }
    return true
  }

  private static func subtract(_ b: [UInt64], from a: inout [UInt64]) {
    var borrow: UInt64 = 0
    for index in a.indices {
      let taken = (index < b.count ? b[index] : 0) + borrow
      borrow = a[index] < taken ? 1 : 0
      a[index] = (a[index] | (borrow << 32)) - taken
    }
  }
}
