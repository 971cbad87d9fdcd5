/// Writes messages in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding).
///
/// Fields go out in the order of the calls. A field is written even where its value is the type's zero: whether it is
/// there may mean something, and the caller knows.
package struct ProtobufWriter {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  package init() {}

  private enum WireType: UInt64 {
    case varint = 0
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// An integer, or an enumeration's number. Negative ones take ten bytes, as the format has it.
  package mutating func integer(_ field: Int, _ value: Int64) {
    tag(field, .varint)
    varint(UInt64(bitPattern: value))
  }

  package mutating func float(_ field: Int, _ value: Float) {
    tag(field, .fixed32)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Text as UTF-8.
  package mutating func string(_ field: Int, _ value: String) {
    tag(field, .lengthDelimited)
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  package mutating func data(_ field: Int, _ value: [UInt8]) {
    tag(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// A message within this one.
  package mutating func message(_ field: Int, _ value: some ProtobufMessage) { data(field, value.encoded()) }

  private mutating func tag(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}

/// A value that goes over the wire as a protobuf message.
package protocol ProtobufMessage: Sendable, Equatable {
  /// Writes the fields by ascending number, so that the bytes are those that Google's own writers make.
  func write(to writer: inout ProtobufWriter)
}

extension ProtobufMessage {
  /// The message's bytes; the same value always gives the same bytes.
  package func encoded() -> [UInt8] {
    var writer = ProtobufWriter()
    write(to: &writer)
    return writer.bytes
  }
}
