import CMongoC

/// An index that a collection is to have.
package struct MongoIndex: Sendable, Hashable {
  package var name: String
  /// Fields with 1 or -1.
  package var keys: BSONDocument
  package var isUnique: Bool
  /// The documents that it is over; all where there is none.
  package var partialFilter: BSONDocument?

  /// - Parameter name: what the server gives in errors; nil makes it of the keys, as the server would.
  package init(_ keys: BSONDocument, name: String? = nil, isUnique: Bool = false, partialFilter: BSONDocument? = nil) {
    self.keys = keys
    self.isUnique = isUnique
    self.partialFilter = partialFilter
    self.name = name ?? keys.fields.map { "\($0.key)_\($0.value.intValue ?? 1)" }.joined(separator: "_")
  }

  var document: BSONDocument {
    var document: BSONDocument = ["key": .document(keys), "name": .string(name)]
    if isUnique { document["unique"] = true }
    if let partialFilter { document["partialFilterExpression"] = .document(partialFilter) }
    return document
  }
}

extension MongoCollection {
  /// Makes the indexes that the collection has not. Those it has already cost the server nothing.
  package func createIndexes(_ indexes: [MongoIndex]) async throws(MongoError) {
    if indexes.isEmpty { return }
    try await client.command(
      ["createIndexes": .string(name), "indexes": .array(indexes.map { .document($0.document) })], isWrite: true)
  }
}
