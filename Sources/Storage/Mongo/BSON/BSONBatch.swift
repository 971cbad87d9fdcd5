/// Documents to be sent together, one behind the other in one piece of memory.
struct BSONBatch: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where each document ends.
  private(set) var ends: [Int] = []

  var count: Int { ends.count }

  init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  init(_ documents: some Sequence<BSONDocument>) throws(MongoError) {
    for document in documents { try append(document) }
  }

  mutating func append(_ document: BSONDocument) throws(MongoError) {
    try append { writer throws(MongoError) in try writer.write(document) }
  }

  /// Adds the document that `write` writes.
  mutating func append(_ write: (inout BSONWriter) throws(MongoError) -> Void) throws(MongoError) {
    var writer = BSONWriter(appendingTo: bytes)
    bytes = []
    try write(&writer)
    bytes = writer.bytes
    ends.append(bytes.count)
  }
}
