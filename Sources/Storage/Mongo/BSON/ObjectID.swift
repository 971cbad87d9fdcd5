import CMongoC

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// MongoDB's own identifier: 12 bytes that begin with the time they were made at.
package struct ObjectID: Sendable, Hashable, CustomStringConvertible {
  /// Bytes 0 to 7, the first the highest.
  private var high: UInt64
  /// Bytes 8 to 11.
  private var low: UInt32

  /// A new one: no other process makes the same.
  package init() {
    var native = bson_oid_t()
    bson_oid_init(&native, nil)
    self = withUnsafeBytes(of: &native) { Self(raw: $0) }
  }

  /// - Parameter bytes: 12 of them; nil for any other count.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 12 else { return nil }
    self = Array(bytes).withUnsafeBytes { Self(raw: $0) }
  }

  /// - Parameter hex: 24 hexadecimal digits; nil for anything else.
  package init?(hex: String) {
    let digits = hex.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == 24, hex.utf8.count == 24 else { return nil }
    self.init(bytes: stride(from: 0, to: 24, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }

  /// - Parameter raw: at least 12 bytes.
  init(raw: UnsafeRawBufferPointer) {
    high = UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self))
    low = UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
  }

  package var bytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
      + (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * $0)) }
  }

  /// Lower-case hexadecimal.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// When it was made, in whole seconds.
  package var time: Date { Date(timeIntervalSince1970: Double(high >> 32)) }

  package var description: String { hex }
}
