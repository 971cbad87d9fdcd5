import Mongo

/// Some of a collection's documents in an order, page by page: the server sorts and cuts.
struct MongoList: Sendable {
  let collection: MongoCollection
  let filter: BSONDocument
  /// The order of those that are equal in every other.
  let base: BSONDocument

  /// The field that a list is sorted by.
  struct Key: Sendable {
    let field: String
    let isDescending: Bool
    /// Whether there are documents without the field. They come last, whichever way the others are sorted.
    let isOptional: Bool

    /// - Parameters:
    ///   - name: the field that the order by name means.
    ///   - size: the field that the order by size means; nil where the documents have none.
    init?(_ order: RegistryOrder, name: String, size: String?) {
      isDescending = order.isDescending
      switch order.key {
      case .name: (field, isOptional) = (name, false)
      case .created: (field, isOptional) = ("created", false)
      case .algorithm: (field, isOptional) = ("algorithm", false)
      case .metric(let metric): (field, isOptional) = (MongoFilter.field(metric), true)
      case .size:
        guard let size else { return nil }
        (field, isOptional) = (size, false)
      }
    }
  }

  /// - Parameters:
  ///   - key: nil for the base order alone.
  ///   - without: fields that are not wanted.
  func page(_ key: Key?, _ slice: Slice, without: [String] = []) async throws(MongoError) -> Page<BSONDocument> {
    let total = try await collection.count(filter)
    guard let key else { return Page(items: try await part(filter, base, slice, without), total: total) }
    let sort = BSONDocument([(key.field, key.isDescending ? -1 : 1)])
      .merging(BSONDocument(fields: base.fields.filter { $0.key != key.field }))
    guard key.isOptional else { return Page(items: try await part(filter, sort, slice, without), total: total) }

    func having(_ exists: Bool) -> BSONDocument {
      let condition = BSONDocument([(key.field, .document(["$exists": .bool(exists)]))])
      return ["$and": [.document(filter), .document(condition)]]
    }
    let count = try await collection.count(having(true))
    var items: [BSONDocument] = []
    if slice.skip < count { items = try await part(having(true), sort, slice, without) }
    let rest = Slice(skip: max(0, slice.skip - count), limit: slice.limit.map { $0 - items.count })
    items += try await part(having(false), base, rest, without)
    return Page(items: items, total: total)
  }

  private func part(
    _ filter: BSONDocument, _ sort: BSONDocument, _ slice: Slice, _ without: [String]
  ) async throws(MongoError) -> [BSONDocument] {
    // To MongoDB a limit of 0 is none.
    if slice.limit == 0 { return [] }
    return try await collection.find(
      filter, sort: sort, projection: BSONDocument(without.map { ($0, 0) }), skip: slice.skip, limit: slice.limit ?? 0)
  }
}
