/// Reads documents in BSON's binary form and trusts no byte of them: what servers and other tools wrote may be anything.
package struct BSONReader {
  /// The server's own limit; also what keeps a crafted document from exhausting the stack.
  static let deepest = 100

  private let bytes: UnsafeRawBufferPointer
  /// The next byte to be read.
  private(set) var offset: Int
  /// Where the document ends: the offset of the zero byte behind its fields.
  private let end: Int
  private let depth: Int

  /// One document's bytes as values.
  /// - Throws: `decoding`, with the field and what is wrong with it.
  package static func document(_ bytes: [UInt8]) throws(MongoError) -> BSONDocument {
    try bytes.withUnsafeBufferPointer { buffer throws(MongoError) in try document(UnsafeRawBufferPointer(buffer)) }
  }

  package static func document(_ bytes: UnsafeRawBufferPointer) throws(MongoError) -> BSONDocument {
    var reader = try BSONReader(bytes)
    return BSONDocument(fields: try reader.fields())
  }

  /// Stands before the first field of the document that `bytes` are.
  init(_ bytes: UnsafeRawBufferPointer) throws(MongoError) {
    try self.init(bytes, at: 0, length: bytes.count, depth: 0)
  }

  /// - Parameter length: how long the document has to be; nil where only its own length says so.
  private init(_ bytes: UnsafeRawBufferPointer, at start: Int, length: Int?, depth: Int) throws(MongoError) {
    guard depth <= Self.deepest else { throw Self.malformed("documents are nested more than \(Self.deepest) deep") }
    guard bytes.count - start >= 5 else { throw Self.malformed("a document is cut short") }
    let stated = Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)))
    guard stated >= 5, stated <= bytes.count - start, length == nil || stated == length else {
      throw Self.malformed("a document's length is wrong")
    }
    guard bytes[start + stated - 1] == 0 else { throw Self.malformed("a document does not end where it says") }
    self.bytes = bytes
    self.depth = depth
    offset = start + 4
    end = start + stated - 1
  }

  static func malformed(_ detail: String, field: String? = nil) -> MongoError {
    MongoError(.decoding, "the BSON cannot be read: \(detail)" + (field.map { " (field \"\($0)\")" } ?? ""))
  }

  private mutating func fields() throws(MongoError) -> [BSONDocument.Field] {
    var fields: [BSONDocument.Field] = []
    while let (type, key) = try next() { fields.append(BSONDocument.Field(key, try value(type, key))) }
    return fields
  }

  /// The type byte and name of the next field, whose value has to be read then; nil behind the last.
  mutating func next() throws(MongoError) -> (type: UInt8, key: String)? {
    guard offset < end else { return nil }
    let type = bytes[offset]
    var stop = offset + 1
    while stop < end, bytes[stop] != 0 { stop += 1 }
    guard stop < end else { throw Self.malformed("a field's name does not end") }
    let key = try text(offset + 1..<stop, of: nil)
    offset = stop + 1
    return (type, key)
  }

  mutating func value(_ type: UInt8, _ key: String) throws(MongoError) -> BSON {
    guard let known = BSONType(rawValue: type) else {
      throw Self.malformed("values of type 0x\(String(type, radix: 16)) are not known here", field: key)
    }
    switch known {
    case .double: return .double(Double(bitPattern: try integer(key)))
    case .string:
      let range = try counted(key)
      guard let last = range.last, bytes[last] == 0 else { throw Self.malformed("a text does not end", field: key) }
      return .string(try text(range.dropLast(), of: key))
    case .document: return .document(BSONDocument(fields: try nested().map { $0 }))
    case .array: return .array(try nested().map(\.value))
    case .binary: return .binary(Array(try binary(key)))
    case .objectID: return .objectID(ObjectID(raw: UnsafeRawBufferPointer(rebasing: bytes[try take(12, key)])))
    case .bool:
      let byte: UInt8 = try integer(key)
      guard byte <= 1 else { throw Self.malformed("a truth value is \(byte)", field: key) }
      return .bool(byte == 1)
    case .date: return .date(try integer(key) as Int64)
    case .null: return .null
    case .int32: return .int32(try integer(key))
    case .int64: return .int64(try integer(key))
    case .timestamp: return .timestamp(try integer(key))
    }
  }

  /// The bytes of a binary value, where they lie.
  mutating func binary(_ key: String) throws(MongoError) -> UnsafeRawBufferPointer {
    let count: Int32 = try integer(key)
    let subtype: UInt8 = try integer(key)
    guard count >= 0 else { throw Self.malformed("a length is negative", field: key) }
    var range = try take(Int(count), key)
    if subtype == 2 {
      // The oldest subtype repeats the length in front of the bytes.
      guard range.count >= 4 else { throw Self.malformed("old binary data is cut short", field: key) }
      range = range.dropFirst(4)
    }
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  private mutating func nested() throws(MongoError) -> [BSONDocument.Field] {
    var reader = try BSONReader(
      UnsafeRawBufferPointer(rebasing: bytes[..<end]), at: offset, length: nil, depth: depth + 1)
    let fields = try reader.fields()
    offset = reader.end + 1
    return fields
  }

  /// A length in four bytes and that many behind it.
  private mutating func counted(_ key: String) throws(MongoError) -> Range<Int> {
    let count: Int32 = try integer(key)
    guard count >= 0 else { throw Self.malformed("a length is negative", field: key) }
    return try take(Int(count), key)
  }

  private mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ key: String) throws(MongoError) -> T {
    let range = try take(MemoryLayout<T>.size, key)
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
  }

  private mutating func take(_ count: Int, _ key: String) throws(MongoError) -> Range<Int> {
    guard count <= end - offset else { throw Self.malformed("a value is cut short", field: key) }
    defer { offset += count }
    return offset..<offset + count
  }

  private func text(_ range: Range<Int>, of key: String?) throws(MongoError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw Self.malformed("a text is not UTF-8", field: key)
    }
    return text
  }
}
