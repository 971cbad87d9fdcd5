import Mongo

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Takes a record's members out of a document, and says of which record what is wrong.
struct DocumentReader {
  let document: BSONDocument
  let what: String

  /// - Throws: `newerSchema` where the document is of a version that is not known here.
  init(_ document: BSONDocument, _ what: String) throws(RegistryError) {
    self.document = document
    self.what = what
    try MongoSchema.checkVersion(document["schema"]?.intValue ?? 1, what)
  }

  private func value<T>(_ key: String, _ value: (BSON) -> T?) throws(RegistryError) -> T {
    guard let found = document[key].flatMap(value) else {
      throw .damaged(what: what, detail: "its record has no usable \(key)")
    }
    return found
  }

  func string(_ key: String) throws(RegistryError) -> String { try value(key, \.stringValue) }
  func int(_ key: String) throws(RegistryError) -> Int { try value(key, \.intValue) }
  func double(_ key: String) throws(RegistryError) -> Double { try value(key, \.doubleValue) }
  func date(_ key: String) throws(RegistryError) -> Date { try value(key, \.dateValue) }
  func id(_ key: String) throws(RegistryError) -> BSON { try value(key) { $0 } }

  func strings(_ key: String) throws(RegistryError) -> [String] {
    try value(key) { value in
      guard let texts = value.arrayValue?.map(\.stringValue), !texts.contains(nil) else { return nil }
      return texts.compactMap { $0 }
    }
  }

  /// Documents in an array.
  func documents(_ key: String) throws(RegistryError) -> [DocumentReader] {
    let found: [BSONDocument] = try value(key) { value in
      guard let documents = value.arrayValue?.map(\.documentValue), !documents.contains(nil) else { return nil }
      return documents.compactMap { $0 }
    }
    return try found.map { document throws(RegistryError) in try DocumentReader(document, what) }
  }

  /// Values by names that are not ours, whose fields are escaped.
  func named<T>(_ key: String, _ read: (BSON) -> T?) throws(RegistryError) -> [String: T] {
    let fields = try value(key, \.documentValue).fields
    var found: [String: T] = [:]
    for field in fields {
      guard let value = read(field.value) else { throw .damaged(what: what, detail: "its record has no usable \(key)") }
      found[FieldName.unescaped(field.key)] = value
    }
    return found
  }
}

extension BSONDocument {
  /// Values by names that are not ours.
  static func named<T>(_ values: [String: T], _ write: (T) -> BSON) -> BSON {
    .document(BSONDocument(values.sorted { $0.key < $1.key }.map { (FieldName.escaped($0.key), write($0.value)) }))
  }

  /// Sets a field where there is a value for it.
  mutating func set(_ key: String, _ value: BSON?) { if let value { self[key] = value } }
}

/// Metrics go where JSON goes as well, which has no NaN and no infinity.
func checkFinite(_ metrics: [String: Double], _ what: String) throws(RegistryError) {
  if let bad = metrics.sorted(by: { $0.key < $1.key }).first(where: { !$0.value.isFinite }) {
    throw .invalidContents(detail: "\(what) cannot be kept: \(bad.key) is \(bad.value)")
  }
}
