import Mongo

/// A point of a run's history as it is kept.
enum PointDocument {
  static func document(of point: HistoryPoint, run: String) throws(RegistryError) -> BSONDocument {
    try checkFinite(point.metrics, "a point of run \(run)")
    return [
      "schema": .int(MongoSchema.version), "run": .string(run), "attempt": .int(point.key.attempt),
      "rank": .int(point.key.rank), "epoch": .int(point.key.epoch), "step": .int(point.key.step),
      "scope": .string(point.scope.rawValue), "metrics": BSONDocument.named(point.metrics) { .double($0) },
      "time": .date(point.time),
    ]
  }

  static func point(_ document: BSONDocument, run: String) throws(RegistryError) -> HistoryPoint {
    let reader = try DocumentReader(document, "a point of run \(run)")
    guard let scope = HistoryPoint.Scope(rawValue: try reader.string("scope")) else {
      throw .damaged(what: reader.what, detail: "its record has no usable scope")
    }
    return HistoryPoint(
      key: HistoryPoint.Key(
        attempt: try reader.int("attempt"), rank: try reader.int("rank"), epoch: try reader.int("epoch"),
        step: try reader.int("step")),
      scope: scope, metrics: try reader.named("metrics", \.doubleValue), time: try reader.date("time"))
  }
}
