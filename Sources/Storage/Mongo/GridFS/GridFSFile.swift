#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of a bucket, as its document in `<bucket>.files` says (MongoDB's GridFS specification).
package struct GridFSFile: Sendable, Hashable {
  package var id: BSON
  /// Bytes.
  package var length: Int
  /// Bytes of each chunk but the last.
  package var chunkSize: Int
  package var uploadDate: Date
  package var filename: String
  package var metadata: BSONDocument

  package init(
    id: BSON, length: Int, chunkSize: Int, uploadDate: Date = Date(), filename: String, metadata: BSONDocument = [:]
  ) {
    self.id = id
    self.length = length
    self.chunkSize = chunkSize
    self.uploadDate = uploadDate
    self.filename = filename
    self.metadata = metadata
  }

  package var chunkCount: Int { (length + chunkSize - 1) / chunkSize }

  /// The bytes of chunk `index`, which has to be one of the file's.
  package func size(ofChunk index: Int) -> Int { min(chunkSize, length - index * chunkSize) }

  /// - Throws: `damagedFile` where the document cannot be that of a file.
  init(_ document: BSONDocument) throws(MongoError) {
    let id = document["_id"] ?? .null
    guard let length = document["length"]?.intValue, let chunkSize = document["chunkSize"]?.intValue, length >= 0,
      chunkSize > 0
    else { throw MongoError(.damagedFile, "the GridFS file \(Self.text(id)) has no usable length or chunk size") }
    self.init(
      id: id, length: length, chunkSize: chunkSize,
      uploadDate: document["uploadDate"]?.dateValue ?? Date(timeIntervalSince1970: 0),
      filename: document["filename"]?.stringValue ?? "", metadata: document["metadata"]?.documentValue ?? [:])
  }

  var document: BSONDocument {
    [
      "_id": id, "length": .int(length), "chunkSize": .int32(Int32(clamping: chunkSize)),
      "uploadDate": .date(uploadDate),
      "filename": .string(filename), "metadata": .document(metadata),
    ]
  }

  /// What an error names the file by.
  var title: String { filename.isEmpty ? Self.text(id) : "\(filename) (\(Self.text(id)))" }

  private static func text(_ id: BSON) -> String {
    id.objectIDValue?.hex ?? id.stringValue ?? "with an unusual identifier"
  }
}
