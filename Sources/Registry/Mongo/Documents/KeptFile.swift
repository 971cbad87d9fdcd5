import Mongo

/// A file of a record, and the GridFS file that its bytes are in.
struct KeptFile: Sendable, Hashable {
  var stored: StoredFile
  /// In the bucket of the record's collection.
  var file: BSON

  var document: BSONDocument {
    ["name": .string(stored.name), "size": .int(stored.size), "sha256": .string(stored.sha256), "file": file]
  }

  init(_ stored: StoredFile, file: BSON) {
    self.stored = stored
    self.file = file
  }

  init(_ reader: DocumentReader) throws(RegistryError) {
    stored = StoredFile(
      name: try reader.string("name"), size: try reader.int("size"), sha256: try reader.string("sha256"))
    file = try reader.id("file")
  }
}
