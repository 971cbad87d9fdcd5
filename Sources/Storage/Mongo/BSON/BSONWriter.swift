/// Writes documents in BSON's binary form (bsonspec.org).
package struct BSONWriter {
  package private(set) var bytes: [UInt8]

  package init() { bytes = [] }

  /// Writes behind what is there.
  init(appendingTo bytes: consuming [UInt8]) { self.bytes = bytes }

  /// The bytes of one document.
  /// - Throws: `encoding` where a key has a NUL in it, which ends keys, or a document is larger than its length can say.
  package static func bytes(of document: BSONDocument) throws(MongoError) -> [UInt8] {
    var writer = BSONWriter()
    try writer.write(document)
    return writer.bytes
  }

  mutating func write(_ document: BSONDocument) throws(MongoError) {
    let start = begin()
    for field in document.fields { try write(field.key, field.value) }
    try end(start)
  }

  /// Begins a document whose length is not known yet.
  /// - Returns: what ``end(_:)`` wants.
  mutating func begin() -> Int {
    let start = bytes.count
    write(UInt32(0))
    return start
  }

  mutating func end(_ start: Int) throws(MongoError) {
    bytes.append(0)
    guard let length = Int32(exactly: bytes.count - start) else {
      throw MongoError(.encoding, "a document of \(bytes.count - start) bytes is larger than BSON can say")
    }
    withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
  }

  mutating func write(_ key: String, _ value: BSON) throws(MongoError) {
    try writeHead(BSONType(of: value), key)
    switch value {
    case .double(let value): write(value.bitPattern)
    case .string(let text):
      let utf8 = text.utf8
      write(UInt32(truncatingIfNeeded: utf8.count + 1))
      bytes.append(contentsOf: utf8)
      bytes.append(0)
    case .document(let document): try write(document)
    case .array(let elements):
      let start = begin()
      for (index, element) in elements.enumerated() { try write(String(index), element) }
      try end(start)
    case .binary(let data):
      write(UInt32(truncatingIfNeeded: data.count))
      bytes.append(0)
      bytes.append(contentsOf: data)
    case .objectID(let id): bytes.append(contentsOf: id.bytes)
    case .bool(let value): bytes.append(value ? 1 : 0)
    case .date(let milliseconds): write(milliseconds)
    case .null: break
    case .int32(let value): write(value)
    case .int64(let value): write(value)
    case .timestamp(let value): write(value)
    }
  }

  /// A field of bytes that are copied once, straight to where they are sent from.
  mutating func write(_ key: String, binary data: UnsafeRawBufferPointer) throws(MongoError) {
    try writeHead(.binary, key)
    write(UInt32(truncatingIfNeeded: data.count))
    bytes.append(0)
    bytes.append(contentsOf: data)
  }

  private mutating func writeHead(_ type: BSONType, _ key: String) throws(MongoError) {
    bytes.append(type.rawValue)
    let utf8 = key.utf8
    guard !utf8.contains(0) else {
      throw MongoError(.encoding, "the field name \(key.debugDescription) has a NUL in it")
    }
    bytes.append(contentsOf: utf8)
    bytes.append(0)
  }

  private mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// The byte that says what type a field has.
enum BSONType: UInt8 {
  case double = 0x01
  case string = 0x02
  case document = 0x03
  case array = 0x04
  case binary = 0x05
  case objectID = 0x07
  case bool = 0x08
  case date = 0x09
  case null = 0x0A
  case int32 = 0x10
  case timestamp = 0x11
  case int64 = 0x12

  init(of value: BSON) {
    self =
      switch value {
      case .double: .double
      case .string: .string
      case .document: .document
      case .array: .array
      case .binary: .binary
      case .objectID: .objectID
      case .bool: .bool
      case .date: .date
      case .null: .null
      case .int32: .int32
      case .int64: .int64
      case .timestamp: .timestamp
      }
  }
}
