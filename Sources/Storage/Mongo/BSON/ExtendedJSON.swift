import CMongoC

/// MongoDB Extended JSON v2, relaxed: plain JSON for what JSON has, `{"$date": …}` and the like for what it has not.
extension BSONDocument {
  /// Reads a JSON object.
  /// - Throws: `decoding`, with the place in the text.
  package init(json: String) throws(MongoError) {
    var error = bson_error_t()
    let utf8 = Array(json.utf8)
    guard let native = bson_new_from_json(utf8, utf8.count, &error) else {
      throw MongoError(.decoding, "the JSON cannot be read: \(NativeError(error).message)")
    }
    defer { bson_destroy(native) }
    self = try NativeBSON.document(native)
  }

  package func json() throws(MongoError) -> String {
    try NativeBSON.with(self) { native throws(MongoError) in
      guard let text = bson_as_relaxed_extended_json(native, nil) else {
        throw MongoError(.encoding, "the document cannot be written as JSON")
      }
      defer { bson_free(text) }
      return String(cString: text)
    }
  }
}
