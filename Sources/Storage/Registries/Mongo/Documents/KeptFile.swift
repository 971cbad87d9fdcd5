import Mongo

/// A file of a record, and the GridFS file that its bytes are in.
struct KeptFile: Sendable, Hashable {
  var stored: StoredFile
  /// In the bucket of the record's collection.
  var file: BSON
  /// The SHA-256 of the ``FrameIndex`` that lies with the GridFS file; nil where it is kept as it is, not in frames.
  var index: String?

  var document: BSONDocument {
    var document: BSONDocument = [
      "name": .string(stored.name), "size": .int(stored.size), "sha256": .string(stored.sha256), "file": file,
    ]
    document.set("index", index.map { .string($0) })
    return document
  }

  init(_ stored: StoredFile, file: BSON, index: String? = nil) {
    self.stored = stored
    self.file = file
    self.index = index
  }

  init(_ reader: DocumentReader) throws(RegistryError) {
    stored = StoredFile(
      name: try reader.string("name"), size: try reader.int("size"), sha256: try reader.string("sha256"))
    file = try reader.id("file")
    index = reader.document["index"]?.stringValue
  }
}
