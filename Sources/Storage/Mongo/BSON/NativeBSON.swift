import CMongoC

/// Documents as the C driver takes and gives them. A `bson_t` wants to lie at a multiple of 128 bytes, which Swift's own
/// variables do not, so each is on the heap for as long as the call that it is for.
enum NativeBSON {
  /// Runs `body` with a document for the driver to read; it stays valid while `body` runs.
  static func with<R>(
    _ document: BSONDocument, _ body: (OpaquePointer) throws(MongoError) -> R
  ) throws(MongoError) -> R {
    try with(bytes: BSONWriter.bytes(of: document), body)
  }

  /// As above; nil for no document.
  static func with<R>(
    optional document: BSONDocument?, _ body: (OpaquePointer?) throws(MongoError) -> R
  ) throws(MongoError) -> R {
    guard let document else { return try body(nil) }
    return try with(document) { native throws(MongoError) in try body(native) }
  }

  /// Runs `body` with the document whose bytes these are, which are not copied.
  static func with<R>(
    bytes: [UInt8], _ body: (OpaquePointer) throws(MongoError) -> R
  ) throws(MongoError) -> R {
    let memory = allocate()
    let native = OpaquePointer(memory)
    defer { bson_free(memory) }
    return try bytes.withUnsafeBufferPointer { buffer throws(MongoError) in
      guard bson_init_static(native, buffer.baseAddress, buffer.count) else {
        throw MongoError(.encoding, "the driver does not take the document")
      }
      return try body(native)
    }
  }

  /// Runs `body` with documents for the driver to read, which are not copied.
  static func with<R>(
    _ batch: BSONBatch, _ body: (UnsafeMutablePointer<OpaquePointer?>, Int) throws(MongoError) -> R
  ) throws(MongoError) -> R {
    let count = batch.count
    let natives = allocate(count)
    let pointers = UnsafeMutablePointer<OpaquePointer?>.allocate(capacity: count)
    defer {
      pointers.deallocate()
      bson_free(natives)
    }
    return try batch.bytes.withUnsafeBufferPointer { buffer throws(MongoError) in
      var start = 0
      for (index, end) in batch.ends.enumerated() {
        let native = OpaquePointer(natives + index * size)
        guard bson_init_static(native, UnsafeBufferPointer(rebasing: buffer[start..<end]).baseAddress, end - start)
        else {
          throw MongoError(.encoding, "the driver does not take document \(index)")
        }
        (pointers + index).initialize(to: native)
        start = end
      }
      return try body(pointers, count)
    }
  }

  /// Runs `body` with a place for a reply, which the driver fills, and gives what it was filled with.
  static func reply<R>(
    _ body: (OpaquePointer) throws(MongoError) -> R
  ) throws(MongoError) -> (result: R, reply: BSONDocument) {
    let memory = allocate()
    let native = OpaquePointer(memory)
    bson_init(native)
    defer {
      bson_destroy(native)
      bson_free(memory)
    }
    let result = try body(native)
    return (result, try document(native))
  }

  static func document(_ native: OpaquePointer) throws(MongoError) -> BSONDocument {
    try BSONReader.document(bytes(native))
  }

  /// A document's bytes, where they lie. They begin with their count.
  static func bytes(_ native: OpaquePointer) -> UnsafeRawBufferPointer {
    guard let start = UnsafeRawPointer(bson_get_data(native)) else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(
      start: start, count: Int(UInt32(littleEndian: start.loadUnaligned(as: UInt32.self))))
  }

  /// The size of a `bson_t`, and what its address has to be a multiple of.
  private static let size = 128

  private static func allocate(_ count: Int = 1) -> UnsafeMutableRawPointer {
    // libbson ends the process where there is no memory, as Swift does.
    bson_aligned_alloc(size, max(1, count) * size)
  }
}
