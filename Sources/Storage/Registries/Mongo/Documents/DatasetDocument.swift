import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A version of a data set as it is kept.
struct DatasetDocument {
  var record: DatasetRecord
  /// The record's files and where their bytes are, by name.
  var files: [KeptFile]
  /// The highest of a data set's versions is the newest: what was put last.
  var order: Int

  func document() throws(RegistryError) -> BSONDocument {
    var document: BSONDocument = [
      "schema": .int(MongoSchema.version), "name": .string(record.name), "version": .string(record.version),
      "order": .int(order), "created": .date(record.created), "size": .int(record.size),
      "files": .array(files.map { .document($0.document) }),
    ]
    document.set("summary", try record.summary.map { summary throws(RegistryError) in try Self.summary(summary) })
    return document
  }

  init(_ record: DatasetRecord, files: [KeptFile], order: Int = 0) {
    self.record = record
    self.files = files
    self.order = order
  }

  init(_ document: BSONDocument) throws(RegistryError) {
    let reader = try DocumentReader(document, "data set \(document["name"]?.stringValue ?? "?")")
    order = try reader.int("order")
    files = try reader.documents("files").map { file throws(RegistryError) in try KeptFile(file) }
    record = DatasetRecord(
      name: try reader.string("name"), version: try reader.string("version"), files: files.map(\.stored),
      created: try reader.date("created"))
    if let summary = document["summary"]?.documentValue {
      record.summary = try Self.summary(DocumentReader(summary, reader.what))
    }
    // The version is the hash of the list of files: it vouches for the record, as the record does for the files.
    guard DatasetRecord.version(of: record.files) == record.version else {
      throw .damaged(what: reader.what, detail: "its record is not that of version \(record.version)")
    }
  }

  // MARK: What is in it

  static func summary(_ summary: DatasetSummary) throws(RegistryError) -> BSON {
    var columns: [BSON] = []
    for column in summary.columns {
      var document: BSONDocument = [
        "name": .string(column.name), "kind": .string(column.kind), "missing": .int(column.missing),
      ]
      document.set("distinct", column.distinct.map { .int($0) })
      for (key, value) in [
        ("minimum", column.minimum), ("maximum", column.maximum), ("mean", column.mean),
        ("deviation", column.deviation),
      ] {
        if let value { try checkFinite([key: value], "column \(column.name)") }
        document.set(key, value.map { .double($0) })
      }
      columns.append(.document(document))
    }
    return ["format": .string(summary.format), "rows": .int(summary.rows), "columns": .array(columns)]
  }

  private static func summary(_ reader: DocumentReader) throws(RegistryError) -> DatasetSummary {
    var columns: [DatasetSummary.Column] = []
    for column in try reader.documents("columns") {
      let document = column.document
      columns.append(
        DatasetSummary.Column(
          name: try column.string("name"), kind: try column.string("kind"), missing: try column.int("missing"),
          distinct: document["distinct"]?.intValue, minimum: document["minimum"]?.doubleValue,
          maximum: document["maximum"]?.doubleValue, mean: document["mean"]?.doubleValue,
          deviation: document["deviation"]?.doubleValue))
    }
    return DatasetSummary(format: try reader.string("format"), rows: try reader.int("rows"), columns: columns)
  }
}
