import Mongo

extension MongoRegistry {
  /// Inserts a document under the next number that is free. Of those who try one number at once the unique index over it lets one
  /// succeed; the others go on to the next, which leaves no gap.
  /// - Parameters:
  ///   - after: a number that is taken, or 0.
  ///   - index: an index that numbers are no part of.
  ///   - document: the document with this number.
  /// - Returns: the number; nil where `index` has such a document already.
  func insertNumbered(
    into collection: MongoCollection, after: Int, unless index: String? = nil, _ what: String,
    _ document: (Int) throws(RegistryError) -> BSONDocument
  ) async throws(RegistryError) -> Int? {
    let id = BSON.objectID(ObjectID())
    var number = after
    while true {
      number += 1
      let document = BSONDocument([("_id", id)]).merging(try document(number))
      do throws(MongoError) {
        try await collection.insertOnce(document)
        return number
      } catch {
        guard case .duplicateKey(let found) = error.kind else { throw RegistryError(error, what) }
        if found == index { return nil }
      }
    }
  }
}
