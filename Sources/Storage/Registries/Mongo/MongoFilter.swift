import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Queries as MongoDB's filters.
enum MongoFilter {
  static func of(_ query: RunQuery) -> BSONDocument {
    var filter = BSONDocument()
    filter.set("job", query.job.map { .string($0) })
    filter.set("namespace", query.namespace.map { .string($0) })
    filter.set("algorithm", query.algorithm.map { .string($0) })
    filter.set("dataset", query.dataset.map { .string($0) })
    filter.set("state", query.state.map { .string($0) })
    add(query.metrics, query.since, to: &filter)
    return filter
  }

  static func of(_ query: ModelQuery) -> BSONDocument {
    var filter: BSONDocument = ["live": true]
    filter.set("name", query.name.map { .string($0) })
    filter.set("algorithm", query.algorithm.map { .string($0) })
    filter.set("dataset", query.dataset.map { .string($0) })
    filter.set("run", query.run.map { .string($0) })
    filter.set("tags", query.tag.map { .string($0) })
    add(query.metrics, query.since, to: &filter)
    return filter
  }

  private static func add(_ conditions: [MetricCondition], _ since: Date?, to filter: inout BSONDocument) {
    filter.set("created", since.map { ["$gte": .date($0)] })
    // Each by itself: one metric may have two bounds.
    if !conditions.isEmpty { filter["$and"] = .array(conditions.map { .document(condition($0)) }) }
  }

  private static func condition(_ condition: MetricCondition) -> BSONDocument {
    let sign =
      switch condition.comparison {
      case .atLeast: "$gte"
      case .atMost: "$lte"
      case .above: "$gt"
      case .below: "$lt"
      case .equal: "$eq"
      }
    let bound = BSONDocument([(sign, .double(condition.value))])
    return BSONDocument([(field(condition.metric), .document(bound))])
  }

  /// Where a metric is in a document.
  static func field(_ metric: String) -> String { "metrics.\(FieldName.escaped(metric))" }
}
