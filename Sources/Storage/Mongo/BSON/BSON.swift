#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A value as MongoDB keeps it (bsonspec.org, version 1.1), of the types that are of use here.
package indirect enum BSON: Sendable, Hashable {
  case double(Double)
  case string(String)
  case document(BSONDocument)
  case array([BSON])
  /// Bytes of the generic subtype.
  case binary([UInt8])
  case objectID(ObjectID)
  case bool(Bool)
  /// Milliseconds since 1970, in UTC.
  case date(Int64)
  case null
  case int32(Int32)
  case int64(Int64)
  /// The server's own clock: seconds since 1970 in the upper half, a counter in the lower.
  case timestamp(UInt64)

  /// A date, to the millisecond.
  package static func date(_ date: Date) -> BSON {
    .date(Int64((date.timeIntervalSince1970 * 1000).rounded()))
  }

  /// A whole number, always in 64 bits: a field then has one type whatever its value.
  package static func int(_ value: Int) -> BSON { .int64(Int64(value)) }
}

extension BSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(floatLiteral value: Double) { self = .double(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(nilLiteral: ()) { self = .null }
  package init(arrayLiteral elements: BSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, BSON)...) { self = .document(BSONDocument(elements)) }
}

/// The value as one of Swift's types; nil where it is of another type.
extension BSON {
  package var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  package var documentValue: BSONDocument? { if case .document(let value) = self { value } else { nil } }
  package var arrayValue: [BSON]? { if case .array(let value) = self { value } else { nil } }
  package var binaryValue: [UInt8]? { if case .binary(let value) = self { value } else { nil } }
  package var objectIDValue: ObjectID? { if case .objectID(let value) = self { value } else { nil } }
  package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  package var dateValue: Date? {
    if case .date(let milliseconds) = self { Date(timeIntervalSince1970: Double(milliseconds) / 1000) } else { nil }
  }

  /// A number without a fraction, in whatever type: other tools write counts as doubles.
  package var intValue: Int? {
    switch self {
    case .int32(let value): Int(value)
    case .int64(let value): Int(value)
    case .double(let value): Int(exactly: value)
    default: nil
    }
  }

  /// Any number.
  package var doubleValue: Double? {
    switch self {
    case .int32(let value): Double(value)
    case .int64(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}
